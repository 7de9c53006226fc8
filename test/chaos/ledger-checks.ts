/** What the simulator's ledger says of every moment of a run: never too fast, and nothing after a pause beyond what was in flight. */

export interface Accepted {
  readonly to: string;
  /** Milliseconds since 1970, when it arrived. */
  readonly acceptedAt: number;
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A pause that was answered, until its resume was asked for. */
export interface PauseSpan extends Span {
  readonly campaign: number;
  readonly inFlight: number;
}

/** What was on its way while this machine was busy arrives together: half as much again. A lost pace sends several times as much. */
const BUNCHING = 1.5;
const FEW = 20;

/** @param except spans in which the simulator stood still and took afterwards what had gathered. */
export function paceFaults(ledger: readonly Accepted[], rate: number, except: readonly Span[]): string[] {
  const times = ledger
    .map(({ acceptedAt }) => acceptedAt)
    .filter((at) => !except.some(({ from, until }) => at >= from && at <= until))
    .sort((a, b) => a - b);
  const most = Math.ceil(rate * BUNCHING) + FEW;
  let first = 0;
  let worst = { n: 0, at: 0 };
  for (const [i, at] of times.entries()) {
    while ((times[first] ?? at) < at - 1_000) first++;
    if (i - first + 1 > worst.n) worst = { n: i - first + 1, at };
  }
  return worst.n <= most
    ? []
    : [`${String(worst.n)} messages within the second before ${new Date(worst.at).toISOString()}, at a pace of ${String(rate)}`];
}

export function pauseFaults(
  ledger: readonly Accepted[],
  pauses: readonly (PauseSpan & { readonly phones: ReadonlySet<number> })[],
): string[] {
  return pauses.flatMap(({ campaign, inFlight, from, until, phones }) => {
    const left = ledger.filter(
      ({ to, acceptedAt }) => acceptedAt > from && acceptedAt < until && phones.has(Number(to.replace('+', ''))),
    );
    return left.length <= inFlight
      ? []
      : [
          `campaign ${String(campaign)}: ${String(left.length)} messages left after the answer of its pause, which said ${String(inFlight)}`,
        ];
  });
}
