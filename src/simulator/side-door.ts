import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson } from './answer.ts';
import { patchConfig } from './config.ts';
import { describeFault } from './faults.ts';
import { isOfForeignPage } from './foreign.ts';
import { receiveInbound } from './inbound.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { changeAccount } from './side-account.ts';
import { changeTemplate } from './side-state.ts';
import { resetWorld } from './storage.ts';
import { rowOfWamid, wamidOf } from './wire.ts';
import type { World } from './world.ts';

type Reply = { readonly status: number; readonly body: unknown };

const ok = (body: unknown): Reply => ({ status: 200, body });
const bad = (...errors: string[]): Reply => ({ status: 400, body: { errors } });

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A page of another origin, or one under a name made to point at this machine (DNS rebinding), which stands in `Host`. */
function foreign(world: World, req: IncomingMessage): string | undefined {
  const { host = '' } = req.headers;
  if (isOfForeignPage(req)) {
    return 'a web page of another origin may not use the side door';
  }
  const bound = new URL(world.url()).hostname;
  const asked = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  if (LOOPBACK.test(bound) && !LOOPBACK.test(asked)) return 'the simulator listens on this machine only: call it as localhost';
  return undefined;
}

/** `/_sim/*`: not Meta's, but the tester's. No token; docs/simulator.md describes every field. */
export function handleSideDoor(
  world: World,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  query: string,
  raw: string,
): void {
  const refusal = foreign(world, req);
  if (refusal !== undefined) {
    answerJson(res, 403, JSON.stringify({ errors: [refusal] }));
    return;
  }
  const parsed = raw === '' ? {} : parseJson(raw);
  const reply =
    parsed === undefined
      ? bad('the body is not JSON')
      : route(world, `${req.method ?? 'GET'} ${path.replace(/\/$/, '')}`, new URLSearchParams(query), parsed);
  answerJson(res, reply.status, JSON.stringify(reply.body));
}

function route(world: World, call: string, query: URLSearchParams, body: unknown): Reply {
  switch (call) {
    case 'GET /_sim/ledger':
      return ledgerPage(world, query);
    case 'GET /_sim/ledger/summary':
      return ok({
        ...world.ledger.summary(),
        requests: world.counts.requests,
        refused: world.counts.refused,
        owed_webhooks: world.webhooks.owed,
      });
    case 'GET /_sim/config':
      return ok(world.config);
    case 'POST /_sim/config':
      return configure(world, body);
    case 'GET /_sim/faults':
      return ok({ data: world.faults.list() });
    case 'POST /_sim/faults':
      return addFaults(world, body);
    case 'DELETE /_sim/faults':
      world.faults.clear();
      return ok({ success: true });
    case 'POST /_sim/inbound':
      return outcome(receiveInbound(world, body));
    case 'GET /_sim/account':
      return ok(shownAccount(world));
    case 'POST /_sim/account':
      return outcome(changeAccount(world, body));
    case 'POST /_sim/reset':
      return resetWorld(world, body) ? ok({ success: true }) : bad('the body may be {"seed": number}');
    case 'GET /_sim/webhooks':
      return ok({ data: world.webhooks.log().slice(-Math.min(Number(query.get('limit') ?? 100) || 100, 500)) });
    case 'GET /_sim/state':
      return ok({
        webhooks: world.webhooks.state(),
        owed_webhooks: world.webhooks.owed,
        accepted: world.ledger.length,
        target: world.account.target?.url ?? null,
      });
    case 'POST /_sim/webhook-target':
      return setTarget(world, body);
    case 'GET /_sim/templates':
      return ok({ data: world.templates.all() });
    case 'GET /_sim':
    case 'GET /_sim/health':
      return ok({
        ok: true,
        url: world.url(),
        phone_number_ids: world.account.numbers.map(({ id }) => id),
        waba_id: world.account.waba.id,
      });
    default:
      return otherRoute(world, call, query, body);
  }
}

function otherRoute(world: World, call: string, _query: URLSearchParams, body: unknown): Reply {
  const decoded = decodedOf(call);
  if (decoded === undefined)
    return bad('the address cannot be decoded: a "%" in it is not followed by the digits of a UTF-8 byte');
  const template = /^POST \/_sim\/templates\/(.+)$/.exec(decoded)?.[1];
  if (template !== undefined) return outcome(changeTemplate(world, template, body));
  const fault = /^DELETE \/_sim\/faults\/(\d+)$/.exec(decoded)?.[1];
  if (fault !== undefined)
    return world.faults.remove(Number(fault)) ? ok({ success: true }) : { status: 404, body: { errors: ['no such fault'] } };
  const wamid = /^GET \/_sim\/ledger\/(wamid\..+)$/.exec(decoded)?.[1];
  if (wamid !== undefined) {
    const row = findRow(world, wamid);
    return row === undefined ? { status: 404, body: { errors: ['no such message'] } } : ok(entry(world, row, Date.now()));
  }
  return { status: 404, body: { errors: [`${call} is not here; see docs/simulator.md`] } };
}

function decodedOf(call: string): string | undefined {
  try {
    return decodeURIComponent(call);
  } catch {
    return undefined;
  }
}

/** Without the secret that signs the webhooks and the word of the handshake: who knows them can speak as Meta. */
function shownAccount({ account }: World): JsonObject {
  return { ...account, target: account.target === null ? null : { url: account.target.url } };
}

function outcome(result: JsonObject | string): Reply {
  return typeof result === 'string' ? bad(result) : ok(result);
}

/** Row numbers are the cursor: `after` is the `next` of the page before, or a wamid. */
function ledgerPage(world: World, query: URLSearchParams): Reply {
  const after = query.get('after');
  const start = after === null || after === '' ? 0 : /^\d+$/.test(after) ? Number(after) : (findRow(world, after) ?? -2) + 1;
  if (start < 0) return bad('after is neither a number nor the wamid of an accepted message');
  const limit = Math.min(Math.max(Math.trunc(Number(query.get('limit') ?? 100)) || 100, 1), 10_000);
  const end = Math.min(start + limit, world.ledger.length);
  const now = Date.now();
  const data: JsonObject[] = [];
  for (let row = start; row < end; row += 1) data.push(entry(world, row, now));
  return ok({ data, total: world.ledger.length, next: end < world.ledger.length ? String(end) : null });
}

function entry(world: World, row: number, now: number): JsonObject {
  const { ledger } = world;
  const label = ledger.label(row);
  const statuses = ledger.statuses(row, now);
  const final = statuses.some(({ status }) => status === 'read')
    ? 'read'
    : statuses.some(({ status }) => status === 'delivered')
      ? 'delivered'
      : statuses.at(-1)?.status;
  return {
    wamid: wamidOf(String(ledger.wa(row)), world.run, row),
    phone_number_id: ledger.numbers[ledger.number(row)],
    to: ledger.to(row),
    wa_id: String(ledger.wa(row)),
    template: label?.kind === 'template' ? label.name : null,
    language: label?.kind === 'template' ? label.language : null,
    type: label?.kind === 'template' ? 'template' : label?.name,
    category: label?.category,
    biz_opaque_callback_data: ledger.callback(row) ?? null,
    accepted_at: new Date(ledger.at(row)).toISOString(),
    held: ledger.isHeld(row),
    final: final ?? (ledger.isHeld(row) ? 'held' : 'accepted'),
    error_code: final === 'failed' ? ledger.code(row) : null,
    statuses,
  };
}

export function findRow(world: World, wamid: string): number | undefined {
  const row = rowOfWamid(wamid);
  if (row === undefined || row >= world.ledger.length) return undefined;
  return wamidOf(String(world.ledger.wa(row)), world.run, row) === wamid ? row : undefined;
}

function configure(world: World, body: unknown): Reply {
  const patched = patchConfig(world.config, body);
  if ('faults' in patched) return bad(...patched.faults);
  world.config = patched.config;
  world.webhooks.wake();
  return ok(world.config);
}

/** One rule, or a list of them. */
function addFaults(world: World, body: unknown): Reply {
  const added: JsonObject[] = [];
  for (const item of Array.isArray(body) ? (body as unknown[]) : [body]) {
    const fault = world.faults.add(item);
    if (typeof fault === 'string') return bad(fault);
    added.push(describeFault(fault));
  }
  return ok(Array.isArray(body) ? { data: added } : added[0]);
}

function setTarget(world: World, body: unknown): Reply {
  if (!isObject(body)) return bad('the body must be {"url","app_secret","verify_token"} or {"url":null}');
  const {
    url,
    app_secret: secret,
    verify_token: token,
  } = body as { url?: unknown; app_secret?: unknown; verify_token?: unknown };
  if (url !== null && (typeof url !== 'string' || !URL.canParse(url))) return bad('url must be an absolute address, or null');
  world.account.target =
    url === null
      ? null
      : {
          url,
          appSecret: typeof secret === 'string' ? secret : (world.account.target?.appSecret ?? ''),
          verifyToken: typeof token === 'string' ? token : (world.account.target?.verifyToken ?? ''),
        };
  world.save();
  world.webhooks.wake();
  return ok({ success: true });
}
