import type { Translate } from '../lib/translate.ts';

/** One that this page has no title for yet is named as the server names it. */
export function alarmTitle(code: string, t: Translate): string {
  const id = `alarm.${code}`;
  const text = t(id);
  return text === id ? code.replaceAll('_', ' ') : text;
}
