import type { Db } from '../lib/db/db.ts';
import type { PeriodicJob } from '../lib/jobs/periodic.ts';
import { purgeAccess } from './auth.sql.ts';

export function accessJobs(db: Db): PeriodicJob[] {
  return [{ name: 'sessions and answers', everyMs: 3_600_000, run: () => purgeAccess(db) }];
}
