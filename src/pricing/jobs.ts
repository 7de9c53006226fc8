import type { PeriodicJob } from '../lib/jobs/periodic.ts';
import type { PriceSource } from './price-source.ts';

/** Rate cards that another process has taken, or that were there before this start. */
export function pricingJobs({ refreshCards }: Pick<PriceSource, 'refreshCards'>): PeriodicJob[] {
  return [{ name: 'rate cards', everyMs: 60_000, run: refreshCards }];
}
