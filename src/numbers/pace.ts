/**
 * The pace of one sending number (docs/decisions/0015), as arithmetic: no clock, no timer.
 *
 * Units: rates are messages per second; every time is a number of milliseconds, fractions allowed. `Pace` is what is learnt and
 * kept over restarts, so its times are those of the wall clock (ms since 1970). `PaceWindow` decides the very moment of a
 * dispatch and takes any clock that never steps back (`performance.now()`).
 */

/** Meta's throughput per number (docs/meta.md, Limits). A number shared with the Business app is fixed at 20. */
const LEVEL_RATES: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1000, COEXISTENCE: 20 };

/** Replies of the recipients count against the same limit, so some of it is left free (docs/meta.md, Limits, sizing). */
const HEADROOM = 0.85;

export interface ThroughputInput {
  /** `throughput.level` of the number, or COEXISTENCE; anything else counts as STANDARD. */
  readonly throughputLevel?: string | null | undefined;
  /** What the operator set; it stands as it is, without headroom. */
  readonly ceiling?: number | null | undefined;
}

export function ratePerSecond({ throughputLevel, ceiling }: ThroughputInput): number {
  if (ceiling !== undefined && ceiling !== null && ceiling > 0) return ceiling;
  const level = (throughputLevel ?? 'STANDARD').toUpperCase();
  return (LEVEL_RATES[level] ?? 80) * HEADROOM;
}

/** What has been learnt about a number's pace: falls by a factor when Meta objects, climbs back by steps (AIMD). Plain JSON. */
export interface Pace {
  /** Messages per second now. */
  readonly rate: number;
  /** Where it climbs back to. */
  readonly ceiling: number;
  /** Nothing leaves before this moment (wall clock, ms). */
  readonly stoppedUntilMs: number;
  /** When the rate last fell; -Infinity is not JSON, so 0 = never. */
  readonly slowedAtMs: number;
  /** Up to when the climb has been credited. */
  readonly climbedAtMs: number;
  /** Meta's code for the last fall or stop. */
  readonly slowedBy?: number | undefined;
}

/** Share of the ceiling regained per second: from half speed to full in 25 s. */
const CLIMB_PER_SECOND = 0.02;
/** Answers to what was in flight when the rate fell arrive within about this time; they are the same objection. */
const SAME_OBJECTION_MS = 1000;
/** The rate never falls below this share of the ceiling: a number is stopped by `stoppedUntilMs`, not by starving. */
const FLOOR = 0.01;

export function freshPace(ceiling: number, nowMs: number): Pace {
  return { rate: ceiling, ceiling, stoppedUntilMs: 0, slowedAtMs: 0, climbedAtMs: nowMs };
}

/** The ceiling may change at any time: another throughput level, another setting. A number at full speed stays at full speed. */
export function withCeiling(pace: Pace, ceiling: number): Pace {
  if (ceiling === pace.ceiling) return pace;
  const rate = pace.rate >= pace.ceiling ? ceiling : Math.min(pace.rate, ceiling);
  return { ...pace, rate: Math.max(rate, ceiling * FLOOR), ceiling };
}

/** Meta objected: stop for `seconds` and go on at `factor` of the rate. A burst of the same objection lowers the rate once. */
export function slowDown(
  pace: Pace,
  nowMs: number,
  { seconds, factor, code }: { readonly seconds: number; readonly factor: number; readonly code?: number },
): Pace {
  const before = climb(pace, nowMs);
  const stoppedUntilMs = Math.max(before.stoppedUntilMs, nowMs + seconds * 1000);
  // Of two stops the longer one tells why.
  const climbed = stoppedUntilMs > before.stoppedUntilMs && code !== undefined ? { ...before, slowedBy: code } : before;
  const isSameObjection = nowMs < Math.max(climbed.stoppedUntilMs, climbed.slowedAtMs + SAME_OBJECTION_MS);
  if (factor >= 1 || (isSameObjection && climbed.slowedAtMs > 0)) {
    return { ...climbed, stoppedUntilMs, climbedAtMs: Math.max(climbed.climbedAtMs, stoppedUntilMs) };
  }
  return {
    ...climbed,
    rate: Math.max(climbed.rate * factor, climbed.ceiling * FLOOR),
    stoppedUntilMs,
    slowedAtMs: nowMs,
    climbedAtMs: Math.max(nowMs, stoppedUntilMs),
  };
}

/** The rate at `nowMs`, having climbed since the last look; while stopped it does not climb. */
export function climb(pace: Pace, nowMs: number): Pace {
  if (nowMs <= pace.climbedAtMs) return pace;
  const gained = pace.ceiling * CLIMB_PER_SECOND * ((nowMs - pace.climbedAtMs) / 1000);
  return { ...pace, rate: Math.min(pace.ceiling, pace.rate + gained), climbedAtMs: nowMs };
}

export interface PaceWindow {
  /** When the next message may leave: `nowMs` itself when it may leave now. */
  next(nowMs: number): number;
  /** How many may leave at this very moment, in one go. */
  available(nowMs: number): number;
  /** `count` messages left at `nowMs`. Call it at the moment of dispatch, also for more than `available` allowed. */
  dispatched(nowMs: number, count?: number): void;
  /** One that was counted at `fromMs` really left at `toMs`, because a connection had to be opened, say. */
  moved(fromMs: number, toMs: number): void;
  setRate(rate: number): void;
  /** Nothing before `untilMs`. */
  hold(untilMs: number): void;
}

export interface PaceWindowOptions {
  readonly ratePerSecond: number;
  /** Slots missed by more than this are forfeited; a timer wakes 1–2 ms late, a busy loop about 10. */
  readonly catchUpMs?: number;
}

/** On the way to Meta some messages wait longer than others, so that a second of arrivals holds a little more than one of dispatches. */
const TRANSIT_MS = 6;
/** A window of one second touches 1001 whole milliseconds: [t, t + 1000] with both ends. */
const WINDOW_MS = 1001 + TRANSIT_MS;
/** Ring of counters, one a millisecond; a power of two beyond the window, so that the place is a mask. */
const RING = 1024;

/**
 * Two rules at once. *Slots* 1/rate apart make it smooth and set the average; one missed is caught up only within `catchUpMs`.
 * The *window* is the hard limit: a message leaves only when fewer than N = ceil(rate) left in the last second, so that no
 * window of one second, wherever it begins, ever holds more than N – whatever the timers did, and also right after the rate fell.
 *
 * Dispatches are counted per millisecond instead of being stamped one by one: the memory is the same at 0.1 and at 1,000,000
 * messages a second, and with the transit it costs seven parts in a thousand of the rate. A window that begins empty (a start, say)
 * knows nothing of what another process sent within the last second.
 */
export function createPaceWindow({ ratePerSecond: initialRate, catchUpMs = 10 }: PaceWindowOptions): PaceWindow {
  const counts = new Uint32Array(RING);
  let interval = 1000 / initialRate;
  let limit = windowLimit(initialRate);
  /** Dispatches in the last WINDOW_MS milliseconds up to and including `head`. */
  let inWindow = 0;
  let head = Number.NEGATIVE_INFINITY;
  /** The slot of the last message; the next one is an interval later, whatever the interval has become by then. */
  let lastSlot = Number.NEGATIVE_INFINITY;
  let heldUntil = Number.NEGATIVE_INFINITY;

  /** Moves the window to `nowMs`, forgetting what fell out of it. A clock that stepped back is taken to have stood still. */
  function advance(nowMs: number): void {
    const ms = Math.floor(nowMs);
    if (ms <= head) return;
    if (ms - head >= WINDOW_MS) {
      if (inWindow > 0) counts.fill(0);
      inWindow = 0;
    } else {
      for (let t = head + 1; t <= ms; t += 1) {
        const leaving = (t - WINDOW_MS) & (RING - 1);
        inWindow -= counts[leaving] ?? 0;
        counts[leaving] = 0;
      }
    }
    head = ms;
  }

  /** The slot due at `nowMs`: late ones beyond the catch-up are lost. */
  function currentSlot(nowMs: number): number {
    return Math.max(lastSlot + interval, heldUntil, nowMs - catchUpMs);
  }

  /** The moment from which the window has room for one more. */
  function windowOpensAt(): number {
    let left = inWindow;
    for (let t = head - WINDOW_MS + 1; t <= head; t += 1) {
      left -= counts[t & (RING - 1)] ?? 0;
      if (left < limit) return t + WINDOW_MS;
    }
    return head + 1;
  }

  function next(nowMs: number): number {
    advance(nowMs);
    const bySlot = Math.max(currentSlot(nowMs), nowMs);
    return inWindow < limit ? bySlot : Math.max(bySlot, windowOpensAt());
  }

  function available(nowMs: number): number {
    advance(nowMs);
    if (inWindow >= limit) return 0;
    const due = currentSlot(nowMs);
    if (due > nowMs) return 0;
    // An idle number starts with one message, not with a catch-up of slots that nobody was waiting for.
    const slots = lastSlot === Number.NEGATIVE_INFINITY ? 1 : Math.floor((nowMs - due) / interval) + 1;
    return Math.min(slots, limit - inWindow);
  }

  function dispatched(nowMs: number, count = 1): void {
    advance(nowMs);
    const place = head & (RING - 1);
    counts[place] = (counts[place] ?? 0) + count;
    inWindow += count;
    const from = lastSlot === Number.NEGATIVE_INFINITY ? nowMs : currentSlot(nowMs);
    lastSlot = from + interval * (count - 1);
  }

  function moved(fromMs: number, toMs: number): void {
    advance(toMs);
    const from = Math.floor(fromMs);
    const place = from & (RING - 1);
    // One that has left the window already, or whose clock stepped back, is counted anew.
    if (from <= head && head - from < WINDOW_MS && (counts[place] ?? 0) > 0) {
      counts[place] = (counts[place] ?? 0) - 1;
      inWindow -= 1;
    }
    counts[head & (RING - 1)] = (counts[head & (RING - 1)] ?? 0) + 1;
    inWindow += 1;
  }

  return {
    next,
    available,
    dispatched,
    moved,
    setRate(rate) {
      interval = 1000 / rate;
      limit = windowLimit(rate);
    },
    hold(untilMs) {
      heldUntil = Math.max(heldUntil, untilMs);
    },
  };
}

/** Rounded up: at 2.5 a second three fit in a window, as their slots are 400 ms apart. Binary fractions get no extra message. */
function windowLimit(rate: number): number {
  return Math.max(1, Math.ceil(rate - 1e-9));
}
