/** What Meta says of the account and its number, as GET /api/v1/status tells it. */

import { z } from 'zod';
import { acceptedInADay } from '../campaigns/preflight.sql.ts';
import type { Sql } from '../lib/db/db.ts';
import { iso, Time, Words } from '../lib/http/schemas.ts';
import { HOLDS, holding, levelOf, NOTICE_CODES, noticeText } from '../numbers/account-notices.ts';
import { type AccountScope, readAccountState } from '../numbers/account-state.ts';
import { peopleOf } from '../numbers/messaging-limit.ts';

const NoticeSchema = z.object({
  code: z.enum(NOTICE_CODES),
  subject: z.string().describe('Of several of one code, which: the type of an alert, of a violation, of a restriction'),
  level: z.enum(['stop', 'warn', 'info']),
  holds: z.enum(HOLDS).nullable().describe('What is not sent meanwhile'),
  since: Time,
  until: Time.nullable().describe('When it ends by itself; null = when Meta lifts it'),
  message: Words,
});

export const AccountStatusSchema = z
  .object({
    can_send: z
      .enum(['yes', 'limited', 'no'])
      .describe('no: Meta holds everything on this number back; limited: templates of a category, or Meta says so'),
    people_a_day: z
      .object({ tier: z.string(), limit: z.int().nullable().describe('null = no limit'), used: z.int() })
      .nullable()
      .describe(
        'How many people may be written to in 24 hours, and how many messages Meta accepted in the last ones; null = not known',
      ),
    notices: z.array(NoticeSchema),
  })
  .describe('What Meta says of the account and the number, until it is lifted or over');

export async function accountStatus(sql: Sql, scope: AccountScope): Promise<z.input<typeof AccountStatusSchema>> {
  const { number, notices } = await readAccountState(sql, scope);
  const tier = number?.messaging_limit ?? null;
  const limit = peopleOf(tier);
  const isLimited = notices.some(({ code, holds }) => holds !== null || code === 'health_limited');
  return {
    can_send: holding(notices, undefined) !== undefined ? 'no' : isLimited ? 'limited' : 'yes',
    people_a_day:
      tier === null || limit === undefined
        ? null
        : { tier, limit: limit === Infinity ? null : limit, used: await acceptedInADay(sql, scope) },
    notices: notices.map((notice) => {
      return {
        code: notice.code,
        subject: notice.subject,
        level: levelOf(notice),
        holds: notice.holds,
        since: iso(notice.since),
        until: iso(notice.until),
        message: noticeText(notice),
      };
    }),
  };
}
