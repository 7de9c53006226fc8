import { Pool } from 'undici';
import type { WebhookTarget } from './account.ts';
import { signature } from './wire.ts';

/** What a POST came to: a status, or why there was none. */
export interface Posted {
  readonly status: number | null;
  readonly error: string | null;
}

/** Signed POSTs over kept-alive connections, one pool a receiver. */
export class Poster {
  readonly #pools = new Map<string, Pool>();

  /** `payload` is already ASCII: what is signed is what is sent. */
  async post(target: WebhookTarget, payload: string, timeoutMs: number): Promise<Posted> {
    try {
      const url = new URL(target.url);
      const body = Buffer.from(payload, 'latin1');
      const answer = await this.#pool(url.origin).request({
        method: 'POST',
        path: `${url.pathname}${url.search}`,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': signature(target.appSecret, body),
        },
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await answer.body.dump();
      return { status: answer.statusCode, error: null };
    } catch (error) {
      return { status: null, error: error instanceof Error ? error.message : String(error) };
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
  }

  #pool(origin: string): Pool {
    let pool = this.#pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, { connections: 128, pipelining: 1, keepAliveTimeout: 4000 });
      this.#pools.set(origin, pool);
    }
    return pool;
  }
}
