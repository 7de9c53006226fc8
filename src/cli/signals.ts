/**
 * Ctrl-C and `kill`, as promises. npm hands Ctrl-C on to everybody it started, who get it from the terminal as well: a second
 * one within a second is the same keystroke. A later one means "now", and ends the process at once.
 */
import { EXIT } from './exit.ts';

const SAME_KEYSTROKE_MS = 1_000;

export interface StopSignal {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>;
  /** The signals do again what they did before. */
  release(): void;
}

export function listenForStop(onImpatient: () => void = () => undefined): StopSignal {
  let first: number | undefined;
  let tell: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSignal = (): void => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      tell();
    } else if (now - first > SAME_KEYSTROKE_MS) {
      onImpatient();
      process.exit(EXIT.interrupted);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    asked,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

/** A command that can be called off: the signal aborts at Ctrl-C. */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = listenForStop();
  void stop.asked.then(() => {
    controller.abort();
  });
  return { signal: controller.signal, release: () => stop.release() };
}
