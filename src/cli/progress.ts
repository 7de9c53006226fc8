/** Long work made visible: a bar on a terminal, now and then a plain line elsewhere. On stderr, so that results can be piped. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, note?: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** @param show how an amount is written, e.g. as bytes. */
export function showProgress(what: string, total: number, show: (n: number) => string): Progress {
  return process.stderr.isTTY ? bar(what, total, show) : lines(what, total, show);
}

function bar(what: string, total: number, show: (n: number) => string): Progress {
  const single = new SingleBar(
    { stream: process.stderr, format: `${what} {bar} {percentage} % | {shown}{note}`, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  const payload = (done: number, note = ''): { shown: string; note: string } => ({
    shown: `${show(done)} of ${show(total)}`,
    note: note === '' ? '' : ` | ${note}`,
  });
  single.start(total, 0, payload(0));
  return {
    update(done, note) {
      single.update(Math.min(done, total), payload(done, note));
    },
    stop() {
      single.stop();
    },
  };
}

function lines(what: string, total: number, show: (n: number) => string): Progress {
  let last = performance.now();
  return {
    update(done, note) {
      const now = performance.now();
      if (now - last < LINE_EVERY_MS) return;
      last = now;
      process.stderr.write(`${what}: ${show(done)} of ${show(total)}${note === undefined ? '' : `, ${note}`}\n`);
    },
    stop: () => undefined,
  };
}
