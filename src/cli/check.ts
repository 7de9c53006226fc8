/** One thing the doctor looked at. */
export interface Check {
  readonly name: string;
  /** `skip`: could not or need not be looked at; the message says why. */
  readonly level: 'ok' | 'warn' | 'fail' | 'skip';
  readonly message: string;
  /** What to do; none when all is well. */
  readonly advice?: string;
}
