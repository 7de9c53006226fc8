/** What a running server says about itself: over HTTP, since the embedded database is its alone. */

import { request } from 'undici';
import { z } from 'zod';
import type { Config } from '../config/config.ts';
import type { InWords } from '../lib/words/sentence.ts';
import type { Check } from './check.ts';
import { connect } from './client.ts';
import { CliError } from './exit.ts';
import { findTarget, type RemoteOptions } from './target.ts';
import { count, duration, many, time } from './words.ts';

const StatusShape = z.object({
  version: z.string(),
  mode: z.string(),
  stopped_at: z.string().nullable(),
  pace: z.object({ messages_per_second: z.number(), ceiling: z.number(), slowed_until: z.string().nullable() }).nullable(),
  processes: z.array(z.object({ role: z.string() })),
  webhooks: z.object({
    pending: z.int(),
    stuck: z.int(),
    last_good_at: z.string().nullable().default(null),
    refused: z.object({ count: z.int() }).default({ count: 0 }),
  }),
  account: z
    .object({
      people_a_day: z.object({ tier: z.string(), limit: z.int().nullable(), used: z.int() }).nullable(),
      notices: z.array(z.object({ code: z.string(), level: z.enum(['stop', 'warn', 'info']), message: z.string() })),
    })
    .default({ people_a_day: null, notices: [] }),
});

const ReadyShape = z.object({
  checks: z.object({ database: z.string(), worker: z.string(), secret: z.string().default('unknown') }),
});

/** Webhooks come within seconds while anything is sent. */
const SILENT_SECONDS = 7 * 86_400;

export interface ServerLook {
  readonly running: boolean;
  /** It was named, and is not the one of these settings: their database and folder are not what was asked about. */
  readonly elsewhere: boolean;
  /** It was named and does not answer. */
  readonly missing: boolean;
  readonly checks: readonly Check[];
}

export async function serverChecks(config: Config, options: RemoteOptions): Promise<ServerLook> {
  const name = 'server';
  const target = findTargetOrSay(options);
  if (target instanceof CliError)
    return { running: false, elsewhere: false, missing: false, checks: [{ name, level: 'skip', message: target.message }] };
  const elsewhere = target.named && !target.own;
  const found = await firstAnswer(target.urls);
  if (found === undefined) {
    const message = `Not running at ${target.urls.join(' or ')}.`;
    const check: Check = target.named
      ? { name, level: 'fail', message, advice: 'Check the address after --url, or in WHATSAPP_SENDER_URL.' }
      : { name, level: 'skip', message };
    return { running: false, elsewhere, missing: target.named, checks: [check] };
  }
  const checks: Check[] = [{ name, level: 'ok', message: `Running at ${found.url}.` }, ...healthChecks(found.ready)];
  try {
    const client = await connect({ ...options, url: found.url, ...(target.key === undefined ? {} : { key: target.key }) });
    const { data } = await client.ask({ path: '/api/v1/status' }, StatusShape);
    checks.push(...statusChecks(data, config.whatsapp.mode));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    checks.push({
      name: 'status',
      level: 'warn',
      message: error.message.replace(/\n\s*/g, ' '),
      advice: 'With a key the doctor sees more: webhooks, pace, workers.',
    });
  }
  return { running: true, elsewhere, missing: false, checks };
}

function findTargetOrSay(options: RemoteOptions): ReturnType<typeof findTarget> | CliError {
  try {
    return findTarget(options);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

async function firstAnswer(
  urls: readonly string[],
): Promise<{ url: string; ready: InWords<z.output<typeof ReadyShape>> | undefined } | undefined> {
  for (const url of urls) {
    try {
      const { body } = await request(`${url}/health/ready`, { headersTimeout: 8_000, bodyTimeout: 8_000 });
      const ready = ReadyShape.safeParse(await body.json());
      return { url, ready: ready.data };
    } catch {
      // Perhaps at the next address.
    }
  }
  return undefined;
}

const OTHER_SECRET: Check = {
  name: 'secret',
  level: 'fail',
  message:
    'Another process on the same database signs with another SECRET_KEY: they refuse the logins, links and tickets of each other.',
  advice: 'Set the same SECRET_KEY on all of them and restart them; the list is in GET /api/v1/status.',
};

export function healthChecks(ready: InWords<z.output<typeof ReadyShape>> | undefined): Check[] {
  if (ready === undefined)
    return [
      {
        name: 'health',
        level: 'fail',
        message: 'It answers, but not as this system does.',
        advice: 'Another program may listen there: check HOST and PORT, or --url.',
      },
    ];
  const { database, worker, secret } = ready.checks;
  return [
    database === 'ok'
      ? { name: 'database', level: 'ok', message: 'The server reaches it.' }
      : {
          name: 'database',
          level: 'fail',
          message: 'The server cannot reach it.',
          advice: 'Check that PostgreSQL runs and that the server may connect to it.',
        },
    worker === 'ok'
      ? { name: 'worker', level: 'ok', message: 'At least one is alive.' }
      : {
          name: 'worker',
          level: 'fail',
          message: worker === 'missing' ? 'None is alive: nothing is sent.' : 'Not known while the database is away.',
          advice: 'Start one with "whatsapp-sender worker" (or everything with "start").',
        },
    ...(secret === 'differs' ? [OTHER_SECRET] : []),
  ];
}

function statusChecks(status: InWords<z.output<typeof StatusShape>>, mode: string): Check[] {
  const checks: Check[] = [];
  if (status.mode !== mode) {
    checks.push({
      name: 'mode',
      level: 'warn',
      message: `The server runs ${status.mode}, the settings here say ${mode}.`,
      advice:
        'It was started with other settings than those here: restart it with these, or look from the folder and environment it was started in.',
    });
  }
  if (status.stopped_at !== null) {
    checks.push({
      name: 'stop',
      level: 'warn',
      message: `Everything is stopped since ${time(status.stopped_at)}; no campaign may start.`,
      advice: 'Take it back with "whatsapp-sender lift-stop".',
    });
  }
  if (status.pace !== null) {
    const { messages_per_second: rate, ceiling, slowed_until: until } = status.pace;
    const message = `${String(rate)} of at most ${String(ceiling)} messages a second.`;
    checks.push(
      until === null
        ? { name: 'pace', level: 'ok', message }
        : {
            name: 'pace',
            level: 'warn',
            message: `${message} Slowed by Meta until ${time(until)}.`,
            advice: 'It climbs back by itself; look at the quality of the number.',
          },
    );
  }
  checks.push(...accountChecks(status.account));
  const { pending, stuck, last_good_at: lastGoodAt, refused } = status.webhooks;
  checks.push(webhookCheck({ pending, stuck, lastGoodAt, refused: refused.count }, mode));
  return checks;
}

/** What Meta has told of the account, which also holds where it cannot be asked now. */
function accountChecks({ people_a_day: limit, notices }: z.output<typeof StatusShape>['account']): Check[] {
  const told = notices.flatMap(({ level, message }): Check[] =>
    level === 'info' ? [] : [{ name: 'what Meta says', level: level === 'stop' ? 'fail' : 'warn', message }],
  );
  if (limit === null || limit.limit === null) return told;
  const message = `${count(limit.limit)} people in 24 hours (${limit.tier}); ${many(limit.used, 'message', 'messages')} accepted in the last ones.`;
  const isUsedUp = limit.used >= limit.limit;
  return [
    ...told,
    isUsedUp
      ? {
          name: 'limit',
          level: 'warn',
          message,
          advice: 'The rest is refused until the day is over: send to a part of the list each day.',
        }
      : { name: 'limit', level: 'ok', message },
  ];
}

export function webhookCheck(
  webhooks: {
    readonly pending: number;
    readonly stuck: number;
    /** Of this mode: what the sandbox sent says nothing of Meta. */
    readonly lastGoodAt: string | null;
    /** Whose signature did not fit, since then. */
    readonly refused: number;
  },
  mode: string,
): Check {
  const name = 'webhooks received';
  if (webhooks.refused > 0) {
    return {
      name,
      // The sandbox signs with a secret of its own: whoever is refused there is a stranger.
      level: mode === 'live' ? 'fail' : 'warn',
      message: `The last ${webhooks.refused === 1 ? 'one was' : `${count(webhooks.refused)} were`} refused: the signature does not fit WHATSAPP_APP_SECRET.`,
      advice:
        "Set WHATSAPP_APP_SECRET to the secret of the app that sends them (Meta's app dashboard, Settings, Basic) and restart. If it is right, somebody else posts to this address.",
    };
  }
  if (webhooks.stuck > 0) {
    return {
      name,
      level: 'warn',
      message: `${many(webhooks.stuck, 'webhook')} could not be applied and wait in the journal.`,
      advice: 'The log says why; please report it. Nothing is lost.',
    };
  }
  if (webhooks.lastGoodAt === null) {
    if (mode === 'sandbox') return { name, level: 'ok', message: 'None yet; they come with the first message.' };
    return {
      name,
      level: 'warn',
      message: 'None has ever arrived.',
      advice:
        'Register <PUBLIC_URL>/api/v1/webhooks/whatsapp in Meta\'s app dashboard with WHATSAPP_VERIFY_TOKEN, subscribe to the field "messages", and send yourself a test message. A proxy that asks for Meta\'s client certificate needs the root meta-outbound-api-ca-2025-12.pem: the DigiCert one has expired.',
    };
  }
  const age = (Date.now() - Date.parse(webhooks.lastGoodAt)) / 1000;
  const message = `The last one ${duration(Math.max(0, age))} ago${webhooks.pending > 0 ? `, ${count(webhooks.pending)} waiting to be applied` : ''}.`;
  if (age > SILENT_SECONDS && mode === 'live')
    return {
      name,
      level: 'warn',
      message,
      advice:
        "If anything was sent since, webhooks do not get through: check the subscription, the public address and, where a proxy verifies Meta's client certificate, that it trusts meta-outbound-api-ca-2025-12.pem (the DigiCert root expired in April 2026).",
    };
  return { name, level: 'ok', message };
}
