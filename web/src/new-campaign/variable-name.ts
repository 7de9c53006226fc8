import type { Translate } from '../lib/translate.ts';

/** What a person calls a variable: its own name in the text, or where it stands. */
export function variableName({ key, label }: { readonly key: string; readonly label: string }, t: Translate): string {
  const [place, ...rest] = key.split('.');
  const name = rest.join('.');
  if (place === 'body' && name !== '') return /^\d+$/.test(name) ? `{{${name}}}` : name;
  if (place === 'header' && name !== '') return t('new.variable-header', { name });
  if (place === 'button' && name !== '') return t('new.variable-button', { name });
  return label;
}
