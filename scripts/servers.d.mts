export interface StartedServer {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

export function findPostgres(): { readonly postgres: string; readonly initdb: string } | undefined;
export function findRedis(): string | undefined;
export function findChromium(): string | undefined;
export function freePort(): Promise<number>;

/** Undefined: there is no such program on this machine. */
export function startPostgres(options?: {
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string | number>>;
}): Promise<StartedServer | undefined>;
export function startRedis(options?: {
  readonly port?: number;
  readonly args?: readonly string[];
}): Promise<StartedServer | undefined>;
