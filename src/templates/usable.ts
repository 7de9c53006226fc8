import languages from './data/template-languages.json' with { type: 'json' };
import type { Template } from './template.ts';

export type Usable = { readonly ok: true } | { readonly ok: false; readonly code: UnusableCode; readonly message: string };

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

const ADVICE: Readonly<Record<string, { readonly code: UnusableCode; readonly advice: string }>> = {
  PENDING: {
    code: 'template_pending',
    advice: 'is still being reviewed by Meta. Wait for the approval, then synchronise the templates.',
  },
  REJECTED: {
    code: 'template_rejected',
    advice: 'was rejected by Meta. Correct its text in WhatsApp Manager and submit it again, or choose another one.',
  },
  PAUSED: {
    code: 'template_paused',
    advice:
      'is paused by Meta because of bad feedback: 3 hours the first time, 6 the second. Wait and synchronise, or edit it; after a pacing pause it must be unpaused by hand in WhatsApp Manager.',
  },
  DISABLED: { code: 'template_disabled', advice: 'was disabled by Meta for good. Write a new template.' },
  IN_APPEAL: { code: 'template_in_appeal', advice: 'is under appeal at Meta. Wait for the decision or choose another one.' },
  PENDING_DELETION: { code: 'template_deleted', advice: 'is being deleted. Choose another one.' },
  DELETED: { code: 'template_deleted', advice: 'was deleted at Meta. Choose another one; the same name is blocked for 30 days.' },
  ARCHIVED: {
    code: 'template_archived',
    advice: 'was archived by Meta because nobody used it. Restore it in WhatsApp Manager or choose another one.',
  },
  LIMIT_EXCEEDED: {
    code: 'template_limit_exceeded',
    advice: 'is over the number of templates this account may have. Delete unused templates in WhatsApp Manager.',
  },
};

/** May this template be sent now? Only APPROVED may; a status Meta has added since is refused with its own name. */
export function templateUsable(template: Pick<Template, 'name' | 'language' | 'status'>): Usable {
  if (template.status === 'APPROVED') return { ok: true };
  const known = ADVICE[template.status];
  const who = `The template "${template.name}" (${template.language})`;
  if (known !== undefined) return { ok: false, code: known.code, message: `${who} ${known.advice}` };
  return {
    ok: false,
    code: 'template_not_approved',
    message: `${who} has the status ${template.status}; only approved templates can be sent. Look at it in WhatsApp Manager, then synchronise.`,
  };
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
export function languageHelp(name: string, asked: string, existing: readonly string[]): string {
  if (existing.length === 0) return `There is no template "${name}". Check the name, or synchronise the templates.`;
  const near = nearestLanguage(asked, existing);
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`;
  const strange = isTemplateLanguage(asked) || existing.includes(asked) ? '' : ` "${asked}" is not a language code of Meta's.`;
  return `The template "${name}" does not exist in "${asked}".${strange} "${name}" exists in: ${existing.join(', ')}.${meant}`;
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
