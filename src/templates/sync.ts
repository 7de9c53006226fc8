/**
 * Keeps Meta's templates here: the whole list, all pages, then one transaction.
 * A fault half-way changes nothing: the list of before stays until a whole new one has come.
 */

import { recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import { english } from '../lib/words/sentence.ts';
import { cannotRead } from '../whatsapp/cannot-read.ts';
import type { MetaClient } from '../whatsapp/client.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { parseTemplate } from './template.ts';
import { replaceTemplates, type StoredTemplate } from './templates.sql.ts';

export interface SyncTemplatesDeps {
  readonly db: Db;
  readonly meta: MetaClient;
  readonly mode: RunMode;
  readonly wabaId: string;
  readonly onUnreadable: (error: string) => void;
}

/** As somebody asked for it. */
export async function syncOnRequest(deps: SyncTemplatesDeps, actor: Actor): Promise<{ templates: number }> {
  const templates = await syncTemplates(deps);
  await recordAudit(deps.db, actor, { action: 'template.sync', detail: { templates } });
  return { templates };
}

/** @returns how many templates Meta has. */
export async function syncTemplates(deps: SyncTemplatesDeps): Promise<number> {
  const byId = new Map<string, Omit<StoredTemplate, 'synced_at'>>();
  for await (const page of deps.meta.templates(deps.wabaId)) {
    if (!page.ok) throw cannotRead(page.error);
    for (const raw of page.value) {
      const parsed = parseTemplate(raw);
      if (!parsed.ok) {
        deps.onUnreadable(english(parsed.error));
        continue;
      }
      const { metaId, name, language, status, category, quality } = parsed.template;
      byId.set(metaId, { meta_id: metaId, name, language, status, category, quality, raw: parsed.template.raw });
    }
  }
  await deps.db.tx((sql) => replaceTemplates(sql, deps, [...byId.values()]));
  return byId.size;
}
