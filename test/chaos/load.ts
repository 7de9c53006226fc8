/**
 * People at work during the storm: campaigns of several kinds, uploads, second starts, pauses, resumes, cancels. Every call is
 * repeated until its outcome is certain, as a careful client would; what was promised to it is remembered for the account.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, csvForm, insist, type JsonApi } from '../../src/cli/drill/api.ts';
import { byStatusOf } from '../../src/cli/drill/facts.ts';
import { type Chance, chanceOf } from '../../src/cli/drill/random.ts';
import type { PauseSpan } from './ledger-checks.ts';

const KINDS = ['plain', 'plain', 'pauser', 'pauser', 'canceller', 'batched', 'paced', 'scheduled'] as const;
/** Long enough for what should not leave to leave. */
const PAUSE_MS = 700;
type Kind = (typeof KINDS)[number];

export interface LoadOptions {
  readonly api: JsonApi;
  readonly seed: number;
  /** People of one campaign. */
  readonly size: number;
  /** Campaigns at a time. */
  readonly width: number;
  /** Until then new campaigns are begun. */
  readonly enough: () => boolean;
  /** How long a call may take to become certain. */
  readonly patienceMs: number;
  readonly note: (line: string) => void;
}

export interface Promised {
  readonly campaign: number;
  readonly kind: Kind;
  /** Uploads that were answered with a report: these people are on the list. */
  readonly phones: Set<number>;
  readonly pauses: PauseSpan[];
}

export interface Load {
  readonly promised: readonly Promised[];
  /** Campaigns that are begun and not ended. */
  active(): number;
  /** Resolves when every campaign that was begun has ended. */
  readonly done: Promise<void>;
}

export function startLoad(options: LoadOptions): Load {
  const promised: Promised[] = [];
  let nextPhone = 0;
  let begun = 0;
  let active = 0;
  const takePhones = (n: number): number[] => {
    const from = nextPhone;
    nextPhone += n;
    // Colombian mobile numbers; each person is written to by one campaign only.
    return Array.from({ length: n }, (_, i) => 573_000_000_000 + ((from + i) % 10_000_000));
  };
  const lane = async (): Promise<void> => {
    while (!options.enough()) {
      const number = begun++;
      active++;
      await runCampaign({ ...options, chance: chanceOf(options.seed * 1_000 + number), takePhones, promised }, number);
      active--;
    }
  };
  const done = Promise.all(Array.from({ length: options.width }, lane)).then(() => undefined);
  // Whoever waits for it later learns of the failure then.
  done.catch(() => undefined);
  return { promised, active: () => active, done };
}

interface Work extends LoadOptions {
  readonly chance: Chance;
  readonly takePhones: (n: number) => number[];
  readonly promised: Promised[];
}

async function runCampaign(work: Work, number: number): Promise<void> {
  const kind = work.chance.pick(KINDS);
  const id = await create(work, kind, number);
  const mine: Promised = { campaign: id, kind, phones: new Set(), pauses: [] };
  work.promised.push(mine);
  const first = work.takePhones(Math.ceil(work.size * 0.75));
  const second = [...work.takePhones(Math.floor(work.size * 0.25)), ...first.slice(0, 10)];
  if (!(await upload(work, id, first, mine))) {
    work.note(`campaign ${String(id)} is left a draft: its upload was cut off and is not swept away yet`);
    return;
  }
  if (kind === 'scheduled') {
    await certain(
      work,
      'POST',
      `/api/v1/campaigns/${String(id)}/schedule`,
      () => ({ scheduled_at: new Date(Date.now() + 3_000).toISOString() }),
      [200, 409],
    );
  } else {
    await Promise.all([begin(work, id), begin(work, id)]);
  }
  await upload(work, id, second, mine);
  await disturb(work, mine);
  await awaitEnd(work, id);
}

async function create(work: Work, kind: Kind, number: number): Promise<number> {
  const { json } = await certain(
    work,
    'POST',
    '/api/v1/campaigns',
    () => ({
      name: `${kind} ${String(number)}`,
      template_name: 'bienvenida',
      template_language: 'es',
      ...(kind === 'batched' ? { batch_size: 60, delay_between_batches: 0.4 } : {}),
      ...(kind === 'paced' ? { messages_per_second: 60 } : {}),
    }),
    [201],
  );
  return Number(json['id']);
}

/** @returns false when an earlier try of it was cut off and holds the place. */
async function upload(work: Work, id: number, phones: readonly number[], mine: Promised): Promise<boolean> {
  const lines = phones.map((phone, i) => `+${String(phone)},Ana ${String(i)},"C-${String(i)}, bis"`);
  // Some that cannot be, and some twice.
  lines.splice(3, 0, 'no es un número,Nadie,C-0', lines[0] ?? '');
  const form = csvForm(`Recipient-Phone-Number,variable_1,variable_2\n${lines.join('\n')}\n`);
  const giveUp = performance.now() + Math.min(work.patienceMs, 20_000);
  const answer = await insist(
    `the upload into campaign ${String(id)}`,
    async () => {
      const seen = await work.api.call('POST', `/api/v1/campaigns/${String(id)}/upload-recipients`, form.body, form.headers);
      if (seen.status === 409 && seen.json['code'] === 'upload_in_progress' && performance.now() < giveUp) return undefined;
      return seen.status === 200 || seen.status === 409 ? seen : refuse(seen);
    },
    { withinMs: work.patienceMs, everyMs: 300 },
  );
  if (answer.status === 409) return false;
  for (const phone of phones) mine.phones.add(phone);
  return true;
}

async function begin(work: Work, id: number): Promise<void> {
  const answer = await certain(work, 'POST', `/api/v1/campaigns/${String(id)}/start`, () => undefined, [200, 409]);
  const started = answer.status === 200 || answer.json['code'] === 'campaign_already_running';
  // Done in a former life whose answer was lost, and ended since.
  if (!started && !JSON.stringify(answer.json).match(/completed|paused/))
    throw new Error(`campaign ${String(id)} could not be started: ${JSON.stringify(answer.json)}`);
}

async function disturb(work: Work, { campaign: id, kind, pauses }: Promised): Promise<void> {
  if (kind !== 'pauser' && kind !== 'canceller') return;
  await insist(
    `campaign ${String(id)} to be under way`,
    async () => {
      const { json } = await work.api.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
      return json['status'] !== 'running' || Number(json['messages_sent']) > work.size / 4 ? true : undefined;
    },
    { withinMs: work.patienceMs, everyMs: 200 },
  );
  if (kind === 'canceller') {
    await certain(work, 'POST', `/api/v1/campaigns/${String(id)}/cancel`, () => undefined, [200, 409]);
    return;
  }
  for (let i = 0; i < 2; i++) {
    const paused = await certain(work, 'POST', `/api/v1/campaigns/${String(id)}/pause`, () => undefined, [200, 409]);
    const from = Date.now();
    if (paused.status === 200) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      pauses.push({ campaign: id, inFlight: Number(paused.json['in_flight']), from, until: Date.now() });
    }
    await certain(work, 'POST', `/api/v1/campaigns/${String(id)}/resume`, () => undefined, [200, 409]);
  }
}

/** Completed or cancelled with nothing left to send. Whatever pauses it (a breaker, say) is resumed by its people. */
async function awaitEnd(work: Work, id: number): Promise<void> {
  await insist(
    `campaign ${String(id)} to end`,
    async () => {
      const { json } = await work.api.call('GET', `/api/v1/campaigns/${String(id)}/stats`);
      const byStatus = byStatusOf(json['by_status']);
      if (json['status'] === 'paused') {
        work.note(`campaign ${String(id)} is paused (${JSON.stringify(json['pause_reason'])}) and is resumed`);
        await work.api.call('POST', `/api/v1/campaigns/${String(id)}/resume`);
      }
      const ended = json['status'] === 'completed' || json['status'] === 'cancelled';
      return ended && byStatus.pending + byStatus.sending === 0 ? true : undefined;
    },
    { withinMs: work.patienceMs * 5, everyMs: 400 },
  );
}

async function certain(
  work: Work,
  method: 'POST',
  path: string,
  body: () => object | undefined,
  wanted: readonly number[],
): Promise<Answer> {
  let key = randomUUID();
  return insist(
    `${method} ${path}`,
    async () => {
      const answer = await work.api.call(method, path, body(), { 'idempotency-key': key });
      if (answer.status === 409 && answer.json['code'] === 'idempotency_in_progress') key = randomUUID();
      else if (answer.status === 409 && answer.json['code'] === 'conflict') key = randomUUID();
      else if (answer.status === 422 && answer.json['code'] === 'idempotency_key_reused') key = randomUUID();
      else if (wanted.includes(answer.status)) return answer;
      return refuse(answer);
    },
    { withinMs: work.patienceMs, everyMs: 300 },
  );
}

function refuse(answer: Answer): never {
  throw new Error(`${String(answer.status)} ${JSON.stringify(answer.json).slice(0, 300)}`);
}
