/** Statuses that met no message, tried again: recording a send and applying its webhook can miss each other (PROTOCOL §5). */
import { pruneOrphans, takeFoundOrphans } from '../store/orphans.ts';
import { parseWebhook } from '../whatsapp/webhook.ts';
import { applyStatuses } from './apply.ts';
import type { Consequence, DeliveryDeps } from './deps.ts';

const KEEP_DAYS = 7;

/** @returns how many found their message. */
export async function retryOrphans(deps: DeliveryDeps): Promise<number> {
  const consequences: Consequence[] = [];
  const found = await deps.db.tx(async (sql) => {
    consequences.length = 0;
    const orphans = await takeFoundOrphans(sql, 500);
    const statuses = orphans.flatMap((orphan) => {
      const payload = { entry: [{ changes: [{ field: 'messages', value: { statuses: [orphan.payload] } }] }] };
      return parseWebhook(payload, orphan.received_at).filter((item) => item.kind === 'status');
    });
    await applyStatuses(deps, sql, statuses, consequences);
    return orphans.length;
  });
  for (const consequence of consequences) deps.onConsequence(consequence);
  await pruneOrphans(deps.db, KEEP_DAYS);
  return found;
}
