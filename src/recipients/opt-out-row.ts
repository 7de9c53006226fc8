/** What a row of a suppression list says beside the number: since when, how far, and the proof of another system. */
import type { CheckedRow } from '../files/check-row.ts';
import { plainName } from '../files/column-names.ts';

export type OptOutRow = Extract<CheckedRow, { ok: true }>;

export interface Proof {
  readonly scope: 'all' | 'marketing';
  readonly since: Date;
  readonly detail: Readonly<Record<string, string>>;
}

/** Columns of our own export, and what other systems call them. */
const SINCE = 'since date optedoutat optoutdate unsubscribedat unsubscribedate fecha fechadebaja fechabaja desde data'.split(' ');
const TOLD: Readonly<Record<string, readonly string[]>> = {
  told_source: ['source', 'origen', 'origem'],
  said: ['said', 'message', 'mensaje', 'mensagem', 'texto'],
  told_by: ['by', 'por'],
  reason: ['note', 'reason', 'nota', 'motivo', 'comentario', 'comentarios'],
};
const MAX_TEXT = 500;

export function proofOf(
  { data }: OptOutRow,
  { now, scope, columns }: { readonly now: Date; readonly scope: Proof['scope']; readonly columns: readonly string[] },
): Proof {
  const named = new Map(columns.map((column) => [plainName(column), column]));
  const cell = (names: readonly string[]): string | undefined => {
    const column = names.map((name) => named.get(name)).find((found) => found !== undefined);
    return column === undefined ? undefined : data[column];
  };
  const told = cell(['scope', 'alcance']) ?? data['scope'];
  const date = cell(SINCE) ?? data['since'];
  const since = timeOf(date, now);
  const detail: Record<string, string> = {};
  for (const [key, names] of Object.entries(TOLD)) {
    const text = cell(names) ?? data[key];
    if (text !== undefined && text !== '') detail[key] = text.slice(0, MAX_TEXT);
  }
  if (date !== undefined && since === now) detail['told_since'] = date.slice(0, MAX_TEXT);
  return { scope: told === 'all' || told === 'marketing' ? told : scope, since, detail };
}

/** Only what can be read in one way: the year first. A time to come counts as now. */
function timeOf(text: string | undefined, now: Date): Date {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(text)) return now;
  const date = new Date(text.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) || date > now ? now : date;
}
