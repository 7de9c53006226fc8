import type { Template } from './draft.ts';

/** The body as Meta has it, its variables still in braces. */
export function templateText({ components }: Pick<Template, 'components'>): string {
  for (const part of components) {
    if (typeof part !== 'object' || part === null || !('type' in part) || !('text' in part)) continue;
    if (String(part.type).toUpperCase() === 'BODY') return String(part.text);
  }
  return '';
}
