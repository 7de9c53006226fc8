import { type Sentence, say, together } from '../lib/words/sentence.ts';
import languages from './data/template-languages.json' with { type: 'json' };
import type { Template } from './template.ts';

export type Usable = { readonly ok: true } | { readonly ok: false; readonly code: UnusableCode; readonly message: Sentence };

export type UnusableCode =
  | 'template_pending'
  | 'template_rejected'
  | 'template_paused'
  | 'template_disabled'
  | 'template_in_appeal'
  | 'template_deleted'
  | 'template_archived'
  | 'template_limit_exceeded'
  | 'template_not_approved';

const CODES: Readonly<Record<string, UnusableCode>> = {
  PENDING: 'template_pending',
  REJECTED: 'template_rejected',
  PAUSED: 'template_paused',
  DISABLED: 'template_disabled',
  IN_APPEAL: 'template_in_appeal',
  PENDING_DELETION: 'template_deleted',
  DELETED: 'template_deleted',
  ARCHIVED: 'template_archived',
  LIMIT_EXCEEDED: 'template_limit_exceeded',
};

/** May this template be sent now? Only APPROVED may; a status Meta has added since is refused with its own name. */
export function templateUsable({ name, language, status }: Pick<Template, 'name' | 'language' | 'status'>): Usable {
  if (status === 'APPROVED') return { ok: true };
  const code = CODES[status];
  if (code !== undefined) return { ok: false, code, message: say(`server.templates.status-${status}`, { name, language }) };
  return { ok: false, code: 'template_not_approved', message: say('server.templates.status-other', { name, language, status }) };
}

const LANGUAGES = new Map(languages.languages.map((language) => [language.code, language.name]));

export function isTemplateLanguage(code: string): boolean {
  return LANGUAGES.has(code);
}

export function templateLanguageName(code: string): string | undefined {
  return LANGUAGES.get(code);
}

/**
 * Why "bienvenida" in es_MX cannot be found when it exists in es: Meta wants the exact code (132001, docs/meta.md, Templates).
 * @param existing the languages this template name exists in
 */
export function languageHelp(name: string, asked: string, existing: readonly string[]): Sentence {
  if (existing.length === 0) return say('server.templates.template-check-name', { name });
  const near = nearestLanguage(asked, existing);
  const isStrange = !isTemplateLanguage(asked) && !existing.includes(asked);
  return together(
    say('server.templates.not-in-language', { name, asked }),
    ...(isStrange ? [say('server.templates.no-language-code', { asked })] : []),
    say('server.templates.languages-of', { name, existing: existing.join(', ') }),
    ...(near === undefined ? [] : [say('server.templates.did-you-mean', { near })]),
  );
}

/** The same code written otherwise (es-mx), then the same language with another country. */
export function nearestLanguage(asked: string, existing: readonly string[]): string | undefined {
  const fold = (code: string): string => code.toLowerCase().replaceAll('-', '_');
  const base = (code: string): string => fold(code).split('_')[0] ?? '';
  return (
    existing.find((code) => fold(code) === fold(asked)) ??
    existing.find((code) => fold(code) === base(asked)) ??
    existing.find((code) => base(code) === base(asked))
  );
}
