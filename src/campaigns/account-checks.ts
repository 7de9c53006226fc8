/** What Meta says of the account and the number, as lines of the preflight. */

import type { Sql } from '../lib/db/db.ts';
import { say } from '../lib/words/sentence.ts';
import { holding, levelOf, noticeText } from '../numbers/account-notices.ts';
import { type AccountScope, readAccountState } from '../numbers/account-state.ts';
import { peopleOf } from '../numbers/messaging-limit.ts';
import { type Check, passing, yellow } from './check.ts';
import { acceptedInADay } from './preflight.sql.ts';

/** Known to be none of a campaign's business. */
const OF_THE_INSTALLATION: ReadonlySet<string> = new Set(['graph_version_ends', 'account_security']);

export async function accountChecks(
  sql: Sql,
  scope: AccountScope,
  { category, pending }: { readonly category: string | undefined; readonly pending: number },
): Promise<Check[]> {
  const { number, notices } = await readAccountState(sql, scope);
  const held = holding(notices, category);
  const told = notices.filter((notice) => notice !== held && levelOf(notice) !== 'info' && !OF_THE_INSTALLATION.has(notice.code));
  return [
    ...(held === undefined ? [] : [passing(held.code, noticeText(held))]),
    ...told.map((notice) => yellow(notice.code, noticeText(notice))),
    ...limitChecks(number?.messaging_limit, { pending, today: await acceptedInADay(sql, scope) }),
  ];
}

/** What keeps a campaign of this category from sending now; it ends by itself, or when Meta lifts it. */
export async function accountObstacles(sql: Sql, scope: AccountScope, category: string | undefined): Promise<Check[]> {
  const held = holding((await readAccountState(sql, scope)).notices, category);
  return held === undefined ? [] : [passing(held.code, noticeText(held))];
}

/** The limit counts different people of the last 24 hours; how many of today's come again nobody knows, so this says "up to". */
function limitChecks(
  tier: string | null | undefined,
  { pending, today }: { readonly pending: number; readonly today: number },
): Check[] {
  const limit = peopleOf(tier);
  if (limit === undefined || limit === Infinity || pending + today <= limit) return [];
  const message = say('server.campaigns.messaging-limit', { limit, pending, today });
  return [yellow('messaging_limit', message)];
}
