/**
 * Webhooks that this process has just stored, so that applying them need not read them back from the journal.
 * Nothing hangs on it: what is not here is read, and a crash loses only the shortcut.
 */
import type { StoredWebhook } from './journal.sql.ts';

export interface WebhookCache {
  keep(webhooks: readonly StoredWebhook[]): void;
  find(id: number): StoredWebhook | undefined;
  drop(ids: readonly number[]): void;
}

/** Characters. What another process applies is never asked for here, so the oldest make room. */
const MAX_CHARS = 16_000_000;

export function createWebhookCache(maxChars = MAX_CHARS): WebhookCache {
  const byId = new Map<number, StoredWebhook>();
  let chars = 0;

  const drop = (id: number): void => {
    const known = byId.get(id);
    if (known === undefined) return;
    byId.delete(id);
    chars -= known.body.length;
  };

  return {
    keep(webhooks) {
      for (const webhook of webhooks) {
        byId.set(webhook.id, webhook);
        chars += webhook.body.length;
      }
      for (const id of byId.keys()) {
        if (chars <= maxChars) return;
        drop(id);
      }
    },
    find: (id) => byId.get(id),
    drop: (ids) => {
      ids.forEach(drop);
    },
  };
}
