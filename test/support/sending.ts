import type { Db } from '../../src/lib/db/db.ts';
import { type AttemptKey, parseCallbackData } from '../../src/lifecycle/message.ts';
import { createPacer, type Pacer } from '../../src/numbers/pacer.ts';
import { createOutageWatch, type OutageWatch } from '../../src/sending/outage-watch.ts';
import { createRecorder, type Recorder } from '../../src/sending/recorder.ts';
import type { RetryPolicy } from '../../src/sending/retry.ts';
import { createSender, type Sender, type SenderDeps } from '../../src/sending/sender.ts';
import type { SendOutcome } from '../../src/whatsapp/send-outcome.ts';

export const INSTALLATION = 'abc12345';

/** One POST as it arrived at "Meta". */
export interface Posted {
  readonly to: string;
  readonly key: AttemptKey;
  readonly phoneNumberId: string;
  readonly json: Record<string, unknown>;
  readonly signal: AbortSignal;
}

export type Script = (posted: Posted, nth: number) => SendOutcome | Promise<SendOutcome>;

export interface SendingHouse {
  readonly sender: Sender;
  readonly recorder: Recorder;
  readonly outages: OutageWatch;
  readonly moves: string[];
  readonly posted: Posted[];
  readonly errors: { readonly error: unknown; readonly what: string }[];
  readonly woken: { readonly campaignId: number; readonly lane: number }[];
  /** Works on a campaign until it has nothing to do for now. */
  run(campaignId: number): Promise<void>;
  /** As `run`, and then stops: what follows from the answers has happened by then. */
  runAndStop(campaignId: number): Promise<void>;
}

export interface SendingShape {
  readonly script?: Script;
  readonly pacer?: Pacer;
  readonly campaignPacer?: Pacer;
  readonly prices?: Readonly<Record<string, number>>;
  readonly retry?: Partial<RetryPolicy>;
  readonly maxInFlight?: number;
  readonly recorder?: Recorder;
  readonly lanes?: number;
  /** As `processes` numbers it. */
  readonly claimant?: number;
  /** What the harmless question comes to. */
  readonly ask?: () => Promise<boolean>;
  readonly now?: () => number;
}

export function accepted(posted: Posted): SendOutcome {
  return { kind: 'accepted', wamid: wamidOf(posted.key), held: false };
}

export function rejected(code: number, message = `error ${String(code)}`): SendOutcome {
  return { kind: 'rejected', error: { code, message, httpStatus: 400 } };
}

export function wamidOf({ campaignId, messageId, attempt }: AttemptKey): string {
  return `wamid.${String(campaignId)}.${String(messageId)}.${String(attempt)}`;
}

export function openSending(db: Db, shape: SendingShape = {}): SendingHouse {
  const posted: Posted[] = [];
  const errors: SendingHouse['errors'] = [];
  const woken: SendingHouse['woken'] = [];
  const recorder = shape.recorder ?? createRecorder({ db, slot: 2, onError: (error) => errors.push({ error, what: 'record' }) });
  const pacer = shape.pacer ?? createPacer({ ceiling: 100_000 });
  const moves: string[] = [];
  const outages = createOutageWatch({
    db,
    mode: 'sandbox',
    ask: shape.ask ?? (() => Promise.resolve(true)),
    onMoved: (_number, before, after) => moves.push(`${before.state} -> ${after.state}`),
    onOpen: (phoneNumberId) => {
      sender.holdBack(phoneNumberId);
    },
    onError: (error, what) => errors.push({ error, what }),
    ...(shape.now === undefined ? {} : { now: shape.now }),
  });
  const deps: SenderDeps = {
    db,
    outages,
    claimant: () => shape.claimant,
    workers: () => 1,
    mode: 'sandbox',
    installationId: INSTALLATION,
    epoch: null,
    slot: 2,
    retry: { maxAttempts: 3, delaySeconds: 0, multiplier: 2, maxDelaySeconds: 60, ...shape.retry },
    recorder,
    pacerFor: () => Promise.resolve(pacer),
    prices: () => shape.prices ?? {},
    campaignPacer: (_campaignId, ceiling) => shape.campaignPacer ?? createPacer({ ceiling }),
    post: async ({ phoneNumberId, body, signal }) => {
      const json = JSON.parse(body) as Record<string, unknown>;
      const key = parseCallbackData(INSTALLATION, String(json['biz_opaque_callback_data']))?.key;
      if (key === undefined) throw new Error('a send without our own id');
      const one = { to: String(json['to']), key, phoneNumberId, json, signal };
      posted.push(one);
      return (shape.script ?? accepted)(one, posted.length);
    },
    personOf: (phone) => phone,
    maxInFlight: shape.maxInFlight ?? 1_000,
    lanes: shape.lanes ?? 1,
    wake: (campaignId, lane) => woken.push({ campaignId, lane }),
    random: () => 0.5,
    onError: (error, what) => errors.push({ error, what }),
  };
  const sender = createSender(deps);
  const run = async (campaignId: number): Promise<void> => {
    for (;;) {
      const next = await sender.slice(campaignId, 0);
      if (next === undefined || next.againInMs > 250) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(next.againInMs, 20)));
    }
  };
  return {
    sender,
    recorder,
    outages,
    moves,
    posted,
    errors,
    woken,
    run,
    async runAndStop(campaignId) {
      await run(campaignId);
      await sender.stop(5_000);
    },
  };
}

/** A pacer that grants when the test says so. */
export function heldPacer(): Pacer & {
  readonly asked: () => number;
  release(): void;
  stopped: number;
  readonly slowed: { seconds: number; factor: number }[];
} {
  let isOpen = false;
  let asked = 0;
  let waiting: (() => void)[] = [];
  const slowed: { seconds: number; factor: number }[] = [];
  return {
    stopped: 0,
    slowed,
    asked: () => asked,
    release() {
      isOpen = true;
      for (const wake of waiting) wake();
      waiting = [];
    },
    async grant(want) {
      asked++;
      if (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      return want;
    },
    rate: () => 100_000,
    stoppedForMs() {
      return this.stopped;
    },
    setCeiling: () => undefined,
    slowDown: (change) => slowed.push(change),
    state: () => Promise.reject(new Error('not asked for')),
  };
}
