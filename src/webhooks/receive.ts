/**
 * Takes Meta's webhooks in: whoever gets an answer has been stored. Applying them comes later (apply.ts).
 * Order: the bytes are in the journal, committed, before the 200; under load many bodies share one commit.
 * A crash before the commit leaves nothing and no answer, so Meta sends again; after it the queue holds the webhook.
 */

import type { Db } from '../lib/db/db.ts';
import { seldom } from '../lib/log.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';
import { verifySignature, verifySubscription } from '../whatsapp/signature.ts';
import { storeWebhooks } from './journal.sql.ts';
import type { WebhookCache } from './webhook-cache.ts';

export type Received = 'stored' | 'bad_signature';

export interface Receiver {
  /** The challenge to give back, or undefined when the verify token is wrong. */
  verify(query: Readonly<Record<string, unknown>>): string | undefined;
  /** Verifies the bytes as they came and stores them. Throws Problem('webhook_not_configured') where there is no secret to verify with. */
  receive(body: Buffer, signature: string | undefined): Promise<Received>;
  /**
   * Resolves when the body is durable. Rejects when it could not be stored, or with Problem `overloaded` when too much waits already:
   * answer anything but 200, Meta will come again.
   */
  store(body: string): Promise<void>;
  waiting(): number;
}

interface Arrival {
  readonly body: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 500;
/** Characters in one statement: a batch of Meta's largest bodies (3 MB each) must not become one giant. */
const MAX_BATCH_CHARS = 4_000_000;
/** What may wait for the database in memory, in characters; beyond it is better to let Meta keep the rest for a while. */
const MAX_WAITING_CHARS = 64_000_000;

/** Only a warning: anybody can post here. */
const BAD_SIGNATURE =
  'Webhooks are refused because their signature does not fit WHATSAPP_APP_SECRET, so what they tell is not seen. Set WHATSAPP_APP_SECRET to the secret of the app that sends them. If the secret is correct, someone else is posting to this address.';

export interface ReceiverDeps {
  readonly db: Db;
  readonly onStored: () => void;
  /** WHATSAPP_APP_SECRET. */
  readonly appSecret?: string | undefined;
  /** WHATSAPP_VERIFY_TOKEN. */
  readonly verifyToken?: string | undefined;
  readonly count?: ((outcome: Received) => void) | undefined;
  readonly warn?: ((message: string) => void) | undefined;
  /** Of a process that applies what it stores. */
  readonly webhookCache?: WebhookCache | undefined;
}

export function createReceiver(deps: ReceiverDeps): Receiver {
  let arrivals: Arrival[] = [];
  let waitingChars = 0;
  let storing = false;

  const drain = async (): Promise<void> => {
    while (arrivals.length > 0) {
      const batch = takeBatch();
      try {
        const bodies = batch.map((arrival) => arrival.body);
        const ids = await storeWebhooks(deps.db, bodies);
        const receivedAt = new Date();
        deps.webhookCache?.keep(ids.map((id, n) => ({ id, received_at: receivedAt, body: bodies[n] ?? '' })));
        for (const arrival of batch) arrival.resolve();
        deps.onStored();
      } catch (error) {
        for (const arrival of batch) arrival.reject(error);
      }
    }
    storing = false;
  };

  const takeBatch = (): Arrival[] => {
    let chars = 0;
    let count = 0;
    for (const { body } of arrivals) {
      chars += body.length;
      if (count === MAX_BATCH || (count > 0 && chars > MAX_BATCH_CHARS)) break;
      count++;
    }
    const batch = arrivals.slice(0, count);
    arrivals = arrivals.slice(count);
    for (const { body } of batch) waitingChars -= body.length;
    return batch;
  };

  const warn = seldom((_error, what) => deps.warn?.(what));
  return {
    verify: (query) => (deps.verifyToken === undefined ? undefined : verifySubscription(query, deps.verifyToken)),
    async receive(body, signature) {
      if (deps.appSecret === undefined) {
        throw new Problem('webhook_not_configured', say('server.webhooks.whatsapp-app-secret'));
      }
      const isMetas = verifySignature(body, signature, [deps.appSecret]);
      if (isMetas) await this.store(body.toString('utf8'));
      else warn(undefined, BAD_SIGNATURE);
      const outcome = isMetas ? 'stored' : 'bad_signature';
      deps.count?.(outcome);
      return outcome;
    },
    store(body) {
      if (waitingChars > 0 && waitingChars + body.length > MAX_WAITING_CHARS) {
        return Promise.reject(new Problem('overloaded', say('server.webhooks.more-webhooks-wait')));
      }
      return new Promise((resolve, reject) => {
        arrivals.push({ body, resolve, reject });
        waitingChars += body.length;
        if (storing) return;
        storing = true;
        // One turn of the event loop: what arrived together is stored together.
        setImmediate(() => void drain());
      });
    },
    waiting: () => arrivals.length,
  };
}
