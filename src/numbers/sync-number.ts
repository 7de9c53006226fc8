import type { Db } from '../lib/db/db.ts';
import { cannotRead } from '../whatsapp/cannot-read.ts';
import type { MetaClient } from '../whatsapp/client.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { upsertNumber } from './numbers.sql.ts';

export interface SyncNumberDeps {
  readonly db: Db;
  readonly meta: MetaClient;
  readonly mode: RunMode;
  readonly phoneNumberId: string;
}

/** What Meta says of the sending number: quality, throughput level, limit. */
export async function syncNumber(deps: SyncNumberDeps): Promise<void> {
  const answer = await deps.meta.phoneNumber(deps.phoneNumberId);
  if (!answer.ok) throw cannotRead(answer.error);
  const number = answer.value;
  await upsertNumber(deps.db, deps.mode, deps.phoneNumberId, {
    display_phone_number: number.displayPhoneNumber ?? null,
    verified_name: number.verifiedName ?? null,
    status: number.status ?? null,
    quality: number.qualityRating ?? null,
    throughput_level: number.throughputLevel ?? null,
    messaging_limit: number.messagingLimit ?? null,
  });
}
