/** Takes somebody out of any JSON: every text that names them, and what stands beside it about the same person. */
export const REMOVED = '(erased)';

export interface Redacted {
  readonly value: unknown;
  readonly changed: boolean;
}

/** Fields that say something about the person whom another field of the same object names. */
const BESIDE = new Set(['name', 'value', 'said', 'note', 'reason', 'body', 'text', 'error', 'message', 'data', 'cells']);

export function redactTexts(value: unknown, names: (text: string) => boolean): Redacted {
  if (typeof value === 'string' || typeof value === 'number') {
    return names(String(value))
      ? { value: typeof value === 'string' ? REMOVED : null, changed: true }
      : { value, changed: false };
  }
  if (typeof value !== 'object' || value === null) return { value, changed: false };
  return Array.isArray(value) ? redactList(value, names) : redactObject(value, names);
}

/** The cells of a row: one that names them makes all of it theirs. */
function redactList(list: readonly unknown[], names: (text: string) => boolean): Redacted {
  const isRow = list.every((item) => typeof item === 'string');
  if (isRow && list.some((item) => names(item))) return { value: list.map(() => REMOVED), changed: true };
  const items = list.map((item) => redactTexts(item, names));
  return { value: items.map((item) => item.value), changed: items.some((item) => item.changed) };
}

function redactObject(object: object, names: (text: string) => boolean): Redacted {
  const isTheirs = Object.values(object).some((field) => typeof field === 'string' && names(field));
  let changed = false;
  const fields = Object.entries(object).map(([key, field]: [string, unknown]): [string, unknown] => {
    if (isTheirs && BESIDE.has(key) && field !== null) {
      changed = true;
      return [key, typeof field === 'string' ? REMOVED : null];
    }
    const redacted = redactTexts(field, names);
    changed ||= redacted.changed;
    return [key, redacted.value];
  });
  return { value: Object.fromEntries(fields), changed };
}
