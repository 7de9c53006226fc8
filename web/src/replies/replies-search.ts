/** Which replies are looked at: kept in the address. */
export const TABS = ['doubtful', 'unread', 'out'] as const;
export type Tab = (typeof TABS)[number];

export interface RepliesSearch {
  readonly tab?: Tab;
  readonly search?: string;
  /** Those that answer one campaign. */
  readonly campaign?: number;
  readonly page?: number;
  /** The one whose conversation is open. */
  readonly reply?: string;
}

export function readRepliesSearch(search: Record<string, unknown>): RepliesSearch {
  const tab = TABS.find((one) => one === search['tab']);
  const { search: text, campaign, page, reply } = search;
  const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0;
  return {
    ...(tab === undefined ? {} : { tab }),
    ...((typeof text === 'string' && text !== '') || typeof text === 'number' ? { search: String(text) } : {}),
    ...(isCount(campaign) ? { campaign } : {}),
    ...(isCount(page) && page > 1 ? { page } : {}),
    ...(typeof reply === 'string' && reply !== '' ? { reply } : {}),
  };
}
