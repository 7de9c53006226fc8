/** What the server bears of clients that send slowly, or much at once. */
export interface Limits {
  /** For the head of a request, from the first byte of the connection on. */
  readonly headersMs: number;
  /** For a whole body that is not a file. */
  readonly bodyMs: number;
  /** A file takes as long as it takes, but not without a byte for so long. */
  readonly uploadIdleMs: number;
  /** Bytes of webhooks in memory at once; nobody knows yet whether they are Meta's. */
  readonly webhookBytes: number;
  /** Between two signs of life on a live stream, and two looks at whether its reader still may. */
  readonly heartbeatMs: number;
}

export const LIMITS: Limits = {
  headersMs: 60_000,
  bodyMs: 60_000,
  uploadIdleMs: 60_000,
  webhookBytes: 128 * 1024 * 1024,
  heartbeatMs: 15_000,
};
