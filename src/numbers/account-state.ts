/** What is known of the account and the number that sends: read from rows, never asked of Meta here. */

import type { Sql } from '../lib/db/db.ts';
import { type NumberKey, standingNotices } from './account-notices.sql.ts';
import { type Notice, seenNotices } from './account-notices.ts';
import { findNumber, type SendingNumber } from './numbers.sql.ts';

export interface AccountScope extends NumberKey {
  /** Of Graph, as it is set. */
  readonly graphVersion?: string | undefined;
}

export interface AccountState {
  readonly number: SendingNumber | undefined;
  /** What stands now, what holds sending back first. */
  readonly notices: readonly Notice[];
}

export async function readAccountState(sql: Sql, scope: AccountScope): Promise<AccountState> {
  const number = await findNumber(sql, scope.mode, scope.phoneNumberId);
  const told = await standingNotices(sql, scope);
  return { number, notices: [...told, ...seenNotices(number, scope.graphVersion, new Date())] };
}
