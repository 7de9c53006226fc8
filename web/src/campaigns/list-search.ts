/** What of the campaigns is shown: kept in the address, so that it survives a reload and can be sent to somebody. */
export const TABS = ['running', 'paused', 'scheduled', 'draft', 'completed', 'other'] as const;
export type Tab = (typeof TABS)[number];

export interface ListSearch {
  readonly tab?: Tab;
  readonly search?: string;
  readonly sort?: string;
  readonly page?: number;
}

export const PAGE_SIZE = 25;

/** What is not understood is left out: an old link still shows something. */
export function readListSearch(search: Record<string, unknown>): ListSearch {
  const tab = TABS.find((one) => one === search['tab']);
  const { search: text, sort, page } = search;
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(typeof text === 'string' && text !== '' ? { search: text } : {}),
    ...(typeof sort === 'string' && /^-?[a-z_]+$/.test(sort) ? { sort } : {}),
    ...(typeof page === 'number' && Number.isInteger(page) && page > 1 ? { page } : {}),
  };
}

/** The states of the server behind a tab. */
export const STATES: Readonly<Record<Tab, string>> = {
  running: 'running',
  paused: 'paused',
  scheduled: 'scheduled',
  draft: 'draft',
  completed: 'completed',
  other: 'cancelled,failed',
};
