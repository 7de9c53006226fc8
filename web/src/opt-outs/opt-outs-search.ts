/** Which opt-outs are looked at: kept in the address. */
export const SCOPES = ['all', 'marketing'] as const;
export type Scope = (typeof SCOPES)[number];

export interface OptOutsSearch {
  readonly scope?: Scope;
  readonly phone?: string;
  readonly page?: number;
}

export function readOptOutsSearch(search: Record<string, unknown>): OptOutsSearch {
  const scope = SCOPES.find((one) => one === search['scope']);
  const { phone, page } = search;
  return {
    ...(scope === undefined ? {} : { scope }),
    ...((typeof phone === 'string' && phone.trim() !== '') || typeof phone === 'number' ? { phone: String(phone) } : {}),
    ...(typeof page === 'number' && Number.isInteger(page) && page > 1 ? { page } : {}),
  };
}
