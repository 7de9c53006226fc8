import { BAR_ORDER, type MessageStatus } from '../lib/message/status.ts';

/** What of one campaign's people is looked at. */
export interface OneSearch {
  readonly status?: MessageStatus;
  readonly error_code?: number;
  /** A number, a name, or the row of the file to begin at (people/find.ts). */
  readonly find?: string;
}

export function readOneSearch(search: Record<string, unknown>): OneSearch {
  const status = BAR_ORDER.find((one) => one === search['status']);
  const code = Number(search['error_code']);
  const { find } = search;
  return {
    ...(status === undefined ? {} : { status }),
    ...(Number.isInteger(code) && search['error_code'] !== undefined ? { error_code: code } : {}),
    ...((typeof find === 'string' && find.trim() !== '') || typeof find === 'number' ? { find: String(find) } : {}),
  };
}
