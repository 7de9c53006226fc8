/**
 * Keeps Meta's templates here: the whole list, all pages, then one transaction.
 * A fault half-way changes nothing: the list of before stays until a whole new one has come.
 */

import type { Db } from '../lib/db/db.ts';
import { Problem } from '../lib/problem.ts';
import type { RunMode } from '../lifecycle/campaign.ts';
import { upsertNumber } from '../numbers/numbers.sql.ts';
import type { MetaClient } from '../whatsapp/client.ts';
import type { MetaError } from '../whatsapp/send-outcome.ts';
import { parseTemplate } from './template.ts';
import { replaceTemplates, type StoredTemplate } from './templates.sql.ts';

export interface SyncDeps {
  readonly db: Db;
  readonly meta: MetaClient;
  readonly mode: RunMode;
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly onUnreadable: (error: string) => void;
}

/** @returns how many templates Meta has. */
export async function syncTemplates(deps: SyncDeps): Promise<number> {
  const byId = new Map<string, Omit<StoredTemplate, 'synced_at'>>();
  for await (const page of deps.meta.templates(deps.wabaId)) {
    if (!page.ok) throw cannotSync(page.error);
    for (const raw of page.value) {
      const parsed = parseTemplate(raw);
      if (!parsed.ok) {
        deps.onUnreadable(parsed.error);
        continue;
      }
      const { metaId, name, language, status, category, quality } = parsed.template;
      byId.set(metaId, { meta_id: metaId, name, language, status, category, quality, raw: parsed.template.raw });
    }
  }
  await deps.db.tx((sql) => replaceTemplates(sql, deps, [...byId.values()]));
  return byId.size;
}

/** What Meta says of the sending number: quality, throughput level, limit. */
export async function syncNumber(deps: SyncDeps): Promise<void> {
  const answer = await deps.meta.phoneNumber(deps.phoneNumberId);
  if (!answer.ok) throw cannotSync(answer.error);
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

function cannotSync(error: MetaError | { readonly unreachable: string }): Problem {
  if ('unreachable' in error) {
    return new Problem(
      'meta_unreachable',
      `Meta could not be reached (${error.unreachable}). Check the network and WHATSAPP_API_BASE_URL, then try again.`,
    );
  }
  return new Problem(
    'meta_unreachable',
    `Meta refused: ${error.message}${error.details === undefined ? '' : ` (${error.details})`}. Check the token and the account id.`,
    {
      meta_code: error.code,
    },
  );
}
