/** The sends whose answer is out: bounded, countable, and waited for at a stop. */
export interface InFlight {
  /** Resolves when at least one more may go. */
  room(): Promise<void>;
  free(): number;
  /** `work` must not reject. */
  track(work: Promise<void>): void;
  count(): number;
  empty(): Promise<void>;
}

export function createInFlight(max: number): InFlight {
  let flying = 0;
  let waiters: (() => void)[] = [];

  const landed = (): void => {
    flying--;
    const woken = waiters;
    waiters = [];
    for (const wake of woken) wake();
  };
  const nextLanding = (): Promise<void> => new Promise((resolve) => waiters.push(resolve));

  return {
    async room() {
      while (flying >= max) await nextLanding();
    },
    free: () => Math.max(0, max - flying),
    track(work) {
      flying++;
      void work.then(landed);
    },
    count: () => flying,
    async empty() {
      while (flying > 0) await nextLanding();
    },
  };
}
