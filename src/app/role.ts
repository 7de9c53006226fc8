/** What a process does: everything, only the HTTP door, or only the work. The last two meet in PostgreSQL and Redis. */
export type Role = 'all' | 'api' | 'worker';
