/** Waiting for work, but not for ever. (To let time pass: `setTimeout` of node:timers/promises, which takes a signal.) */

/** @returns whether the work was over within `ms`; what it throws by then is thrown, and nobody hears of what it throws later. */
export async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
