import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Account, createAccount } from './account.ts';
import type { SimConfig } from './config.ts';
import { Journal, OWNER_ONLY } from './journal.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import type { Label, Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { Media, MediaStore } from './media.ts';
import { decideHeld } from './pacing.ts';
import { mix } from './random.ts';
import { seedTemplates } from './template-seed.ts';
import type { Template, TemplateStore } from './templates.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly limits: Limits;
  readonly templates: TemplateStore;
  readonly media: MediaStore;
  readonly account: Account;
  config: SimConfig;
  readonly run: string;
}

export interface Store {
  readonly journal: Journal | undefined;
  readonly run: string;
  readonly save: (world: World) => void;
  /** Owes again what was not acknowledged. */
  readonly restoreOwed: (webhooks: Webhooks) => void;
}

/** Lines about what was already told, before the journal is written anew at a start. */
const COMPACT_FROM = 2000;

/**
 * What outlives the process: `journal.log` (messages, what was told of them, events owed) and `state.json` (templates, account,
 * media), the latter replaced whole by a rename.
 */
export function openStore(dataDir: string | undefined, parts: Parts): Store {
  if (dataDir === undefined) return { journal: undefined, run: parts.run, save: () => undefined, restoreOwed: () => undefined };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const stateFile = path.join(dataDir, 'state.json');
  if (existsSync(stateFile)) restoreState(readFileSync(stateFile, 'utf8'), parts);
  const replay = new Replay(parts);
  const journal = Journal.open(dataDir, (line) => {
    replay.line(line);
  });
  const run = replay.run ?? parts.run;
  if (replay.run === undefined) journal.append(`V\t1\t${run}`);
  else if (replay.spent > COMPACT_FROM) journal.replace(compacted(run, parts, replay.events));
  journal.flush();
  return {
    journal,
    run,
    save: (world) => {
      writeFileSync(`${stateFile}.new`, stateJson(world), { mode: OWNER_ONLY });
      renameSync(`${stateFile}.new`, stateFile);
    },
    restoreOwed: (webhooks) => {
      for (let row = 0; row < parts.ledger.length; row += 1) if (!parts.ledger.isHeld(row)) webhooks.schedule(row);
      for (const [id, event] of replay.events) webhooks.restoreEvent(id, event.number, event.json);
    },
  };
}

class Replay {
  readonly events = new Map<number, { number: string; json: string }>();
  run: string | undefined;
  spent = 0;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  line(line: string): void {
    const { ledger, limits } = this.#parts;
    const fields = line.split('\t');
    switch (fields[0]) {
      case 'V':
        this.run = fields[2];
        return;
      case 'N':
        ledger.numberIndex(fields[1] ?? '');
        return;
      case 'L':
        ledger.labelIndex(parseJson(fields[1] ?? '') as Label);
        return;
      case 'A':
        ledger.replayLine(fields);
        return;
      case 'D':
        this.spent += 1;
        for (const row of (fields[2] ?? '').split(',')) ledger.setDone(Number(row), Number(fields[1]));
        return;
      case 'R':
        ledger.decideHeld(Number(fields[1]), Number(fields[2]), fields[3] === 'drop' ? 'drop' : 'release');
        return;
      case 'E':
        this.events.set(Number(fields[1]), { number: fields[2] ?? '', json: fields[3] ?? '' });
        return;
      case 'F':
        this.spent += 1;
        this.events.delete(Number(fields[1]));
        return;
      case 'I':
        limits.noteInbound(limits.person(Number(fields[1])), Number(fields[2]));
        return;
      default:
    }
  }
}

function* compacted(run: string, parts: Parts, events: Replay['events']): Generator<string> {
  yield `V\t1\t${run}`;
  for (const id of parts.ledger.numbers) yield `N\t${id}`;
  for (const label of parts.ledger.labels) yield `L\t${JSON.stringify(label)}`;
  for (let row = 0; row < parts.ledger.length; row += 1) yield parts.ledger.line(row);
  for (const [id, event] of events) yield `E\t${String(id)}\t${event.number}\t${event.json}`;
}

function stateJson(world: World): string {
  return JSON.stringify({ templates: world.templates.all(), account: world.account, media: world.media.list() });
}

function restoreState(text: string, parts: Parts): void {
  const state = parseJson(text);
  if (!isObject(state)) return;
  if (Array.isArray(state['templates'])) parts.templates.replaceAll(state['templates'] as Template[]);
  if (Array.isArray(state['media'])) parts.media.restore(state['media'] as Media[]);
  if (isObject(state['account'])) restoreAccount(state['account'], parts.account);
}

/** What is known of the numbers and the account this start still names. */
function restoreAccount(saved: JsonObject, account: Account): void {
  const { waba, numbers, subscribed, target, override } = saved as unknown as Account;
  if (waba.id === account.waba.id) Object.assign(account.waba, waba);
  for (const number of account.numbers) Object.assign(number, numbers.find((other) => other.id === number.id) ?? {});
  Object.assign(account, { subscribed, target, override });
}

/** Messages held when the process died wait for their decision again. */
export function resumeHeld(world: World): void {
  for (const [label, { name, language }] of world.ledger.labels.entries()) {
    const template = world.templates.find(name, language);
    const { decision, decide_ms } = world.config.pacing;
    if (world.ledger.heldCount(label) === 0 || template === undefined || (decision !== 'release' && decision !== 'drop'))
      continue;
    world.pacing.set(template.id, { sent: 0, state: 'holding' });
    world.later(decide_ms, () => {
      decideHeld(world, template.id, label, decision);
    });
  }
}

/**
 * Everything as at the first start, but the webhook target and the configuration. The wamids go on with another run, so that a
 * client's database never meets one twice; with `{"seed"}` they begin again.
 */
export function resetWorld(world: World, body: unknown): boolean {
  const seed = isObject(body) ? body['seed'] : undefined;
  if (seed !== undefined && (typeof seed !== 'number' || !Number.isInteger(seed))) return false;
  world.run = runOf(typeof seed === 'number' ? seed : mix(Number.parseInt(world.run, 16), 0x7e5e7));
  if (typeof seed === 'number') world.seed = seed;
  world.ledger.clear();
  world.limits.clear();
  world.webhooks.clear();
  world.faults.clear();
  world.media.clear();
  world.pacing.clear();
  world.refusedOnce.clear();
  world.templates.replaceAll(seedTemplates(Date.now()));
  const fresh = createAccount(
    world.account.waba.id,
    world.account.numbers.map(({ id }) => id),
  );
  Object.assign(world.account, { waba: fresh.waba, numbers: fresh.numbers, subscribed: true, override: null });
  Object.assign(world.counts, { requests: 0, refused: {}, managementCalls: 0 });
  world.journal?.replace([`V\t1\t${world.run}`]);
  world.save();
  return true;
}

/** Eight hex digits out of a seed. */
export function runOf(seed: number): string {
  return mix(seed, 0x2a).toString(16).padStart(8, '0').toUpperCase();
}
