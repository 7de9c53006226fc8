/** What comes from outside: a bare loop of sends, webhooks, browsers that watch, people who look at lists. */
import { createHmac } from 'node:crypto';
import { Pool } from 'undici';
import { answerQuestions } from '../support/helper.ts';
import { ascending, percentile, wait } from '../support/row.ts';

export interface SendLoop {
  readonly url: string;
  readonly count: number;
  readonly connections: number;
  /** Tells one loop's people and callback data from another's. */
  readonly from: number;
}

export interface StatusLoad {
  readonly url: string;
  readonly path: string;
  readonly secret: string;
  readonly installation: string;
  readonly campaignId: number;
  /** Message ids 1 to this. */
  readonly messages: number;
  /** Which statuses each message gets, in turn. */
  readonly statuses: readonly string[];
  readonly perPost: number;
  readonly posts: number;
  readonly connections: number;
  /** POSTs a second, at their time whatever the answers do; without it as fast as answers come. */
  readonly rate?: number;
}

export interface StatusLoadResult {
  readonly posts: number;
  readonly seconds: number;
  readonly failed: number;
  /** From the moment a POST was due to its answer. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

function sendBody(index: number): string {
  return `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+${String(573_100_000_000 + index)}","type":"template","template":{"name":"bienvenida","language":{"code":"es"},"components":[{"type":"body","parameters":[{"type":"text","text":"Nombre ${String(index)}"},{"type":"text","text":"Apellido"}]}]},"biz_opaque_callback_data":"bare.1.${String(index)}.1"}`;
}

async function postSends({ url, count, connections, from }: SendLoop): Promise<{ perSecond: number }> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer bench' };
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) {
        const body = sendBody(from + next++);
        const answer = await pool.request({ path: '/v25.0/106540352242922/messages', method: 'POST', headers, body });
        await answer.body.text();
        if (answer.statusCode !== 200) throw new Error(`answered ${String(answer.statusCode)}`);
      }
    }),
  );
  const perSecond = (count * 1000) / (performance.now() - start);
  await pool.close();
  return { perSecond };
}

function statusJson(load: StatusLoad, n: number): string {
  const message = (n % load.messages) + 1;
  const status = load.statuses[Math.floor(n / load.messages) % load.statuses.length] ?? 'sent';
  const pricing =
    status === 'read' ? '' : ',"pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}';
  return `{"id":"wamid.HBgM${String(573_100_000_000 + message)}FQIAERgS","status":"${status}","timestamp":"${String(Math.floor(Date.now() / 1000))}","recipient_id":"${String(573_100_000_000 + message)}","biz_opaque_callback_data":"${load.installation}.${String(load.campaignId)}.${String(message)}.1"${pricing}}`;
}

function webhookBody(load: StatusLoad, post: number): Buffer {
  const statuses = Array.from({ length: load.perPost }, (_, i) => statusJson(load, post * load.perPost + i));
  return Buffer.from(
    `{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"statuses":[${statuses.join(',')}]},"field":"messages"}]}]}`,
  );
}

async function postStatuses(load: StatusLoad): Promise<StatusLoadResult> {
  const pool = new Pool(load.url, { connections: load.connections, pipelining: 1 });
  const bodies = Array.from({ length: load.posts }, (_, post) => {
    const body = webhookBody(load, post);
    return { body, signature: `sha256=${createHmac('sha256', load.secret).update(body).digest('hex')}` };
  });
  const took: number[] = [];
  let failed = 0;
  const post = async ({ body, signature }: { body: Buffer; signature: string }, due: number): Promise<void> => {
    try {
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
      const answer = await pool.request({ path: load.path, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) failed++;
    } catch {
      failed++;
    }
    took.push(performance.now() - due);
  };
  const start = performance.now();
  if (load.rate === undefined) {
    let next = 0;
    const one = async (): Promise<void> => {
      for (let item = bodies[next++]; item !== undefined; item = bodies[next++]) await post(item, performance.now());
    };
    await Promise.all(Array.from({ length: load.connections }, one));
  } else {
    const { rate } = load;
    const flying = new Set<Promise<void>>();
    for (let next = 0; next < bodies.length; ) {
      const due = Math.min(bodies.length, Math.floor(((performance.now() - start) / 1000) * rate));
      for (; next < due; next++) {
        const item = bodies[next];
        if (item === undefined) continue;
        const sent = post(item, start + (next / rate) * 1000).then(() => void flying.delete(sent));
        flying.add(sent);
      }
      await wait(1);
    }
    await Promise.all(flying);
  }
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  const sorted = ascending(took);
  return {
    posts: load.posts,
    seconds,
    failed,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: sorted.at(-1) ?? 0,
  };
}

export interface Reading {
  readonly url: string;
  readonly key: string;
  /** Asked in turn. */
  readonly paths: readonly string[];
  readonly rounds: number;
  readonly everyMs: number;
}

/** Milliseconds of each answer, by path. */
async function read({ url, key, paths, rounds, everyMs }: Reading): Promise<Record<string, number[]>> {
  const pool = new Pool(url, { connections: 4, pipelining: 1 });
  const took: Record<string, number[]> = Object.fromEntries(paths.map((path) => [path, []]));
  for (let round = 0; round < rounds; round++) {
    for (const path of paths) {
      const begun = performance.now();
      const answer = await pool.request({ path, method: 'GET', headers: { authorization: `Bearer ${key}` } });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path}: ${String(answer.statusCode)} ${text}`);
      took[path]?.push(performance.now() - begun);
      await wait(everyMs);
    }
  }
  await pool.close();
  return took;
}

interface Seen {
  readonly at: number;
  readonly sent: number;
}

let watchers: Pool | undefined;
const seen: Seen[] = [];

/** Opens streams of one campaign and notes when each told how many were sent. */
async function watch({
  url,
  key,
  campaignId,
  count,
}: {
  url: string;
  key: string;
  campaignId: number;
  count: number;
}): Promise<number> {
  watchers = new Pool(url, { connections: count, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 0 });
  const pool = watchers;
  const opened = await Promise.all(
    Array.from({ length: count }, async () => {
      const path = `/api/v1/events/campaigns/${String(campaignId)}/stream`;
      const answer = await pool.request({ path, method: 'GET', headers: { authorization: `Bearer ${key}` } });
      let rest = '';
      answer.body.on('data', (chunk: Buffer) => {
        const at = Date.now();
        rest += chunk.toString('utf8');
        for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
          const sent = /"messages_sent":(\d+)/.exec(rest.slice(0, end))?.[1];
          rest = rest.slice(end + 2);
          if (sent !== undefined) seen.push({ at, sent: Number(sent) });
        }
      });
      answer.body.on('error', () => undefined);
      return answer.statusCode;
    }),
  );
  return opened.filter((status) => status === 200).length;
}

const calls = {
  postSends,
  postStatuses,
  read,
  watch,
  async watched(): Promise<Seen[]> {
    await watchers?.destroy();
    return seen;
  },
};

export type LoadCalls = typeof calls;

answerQuestions(calls);
