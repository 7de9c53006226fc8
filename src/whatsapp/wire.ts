/** Reading JSON of somebody else's making: every value is looked at before it is believed, and a missing one is undefined. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What the items of one change of a webhook share. */
export interface ChangeContext {
  readonly wabaId: string | undefined;
  readonly phoneNumberId: string | undefined;
  /** When the change happened, or failing that was received: for items that carry no time of their own. */
  readonly at: Date;
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The objects in a list; anything else in it is passed over. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return asArray(value).flatMap((item) => {
    const object = asObject(item);
    return object === undefined ? [] : [object];
  });
}

/** A string that says something; Meta sends '' for absent (docs/meta.md, Statuses, recipient_id). */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An identifier: a string, or a number that a payload wrote without quotes (message_template_id). */
export function asId(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : asText(value);
}

export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Unix seconds as string or number; milliseconds have been seen and are told by their size (docs/meta.md, Statuses). */
export function asDate(value: unknown): Date | undefined {
  const number = asNumber(value);
  if (number === undefined || number <= 0) return undefined;
  const date = new Date(number > 1e11 ? number : number * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Drops the keys whose value is undefined: an absent field is absent, not present and undefined. */
export function compact<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
