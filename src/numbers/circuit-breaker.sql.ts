import type { Db, Sql } from '../lib/db/db.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { type Answers, afterAnswers, afterQuestion, type Breaker, CLOSED, NEXT_QUESTION_MS } from './circuit-breaker.ts';

const COLUMNS = 'state, score, good, allowance, lost, in_air, reason, since, probes, probe_at';

/** Asked by one process; should it die meanwhile, another one asks after this. */
const QUESTION_SECONDS = 15;
/** A half-open breaker whose allowance is used up and of which nobody has heard for so long: whoever had it has died. */
const UNHEARD_SECONDS = 15;

export interface KnownBreaker extends Breaker {
  readonly phone_number_id: string;
}

/** Adds what one process has learnt; what it means is decided on the locked row. @returns the breaker before and after. */
export async function tellAnswers(
  db: Db,
  { mode, phoneNumberId }: { readonly mode: RunMode; readonly phoneNumberId: string },
  answers: Answers,
): Promise<{ before: Breaker; after: Breaker }> {
  return db.tx(async (sql) => {
    await sql.query('insert into circuit_breakers (mode, phone_number_id) values ($1, $2) on conflict do nothing', [
      mode,
      phoneNumberId,
    ]);
    const { breaker: before, now } = await lock(sql, mode, phoneNumberId);
    const after = afterAnswers(before, answers, now);
    await write(sql, mode, phoneNumberId, after);
    return { before, after };
  });
}

/** The breakers of which Meta may be asked now; each is given to one process at a time. */
export async function takeQuestions(sql: Sql, mode: RunMode): Promise<string[]> {
  const { rows } = await sql.query<{ phone_number_id: string }>(
    `update circuit_breakers b
     set state = 'open', allowance = 0, probe_at = clock_timestamp() + $2 * interval '1 second', changed_at = clock_timestamp()
     where b.mode = $1
       and (b.state = 'open' and b.probe_at <= clock_timestamp()
            or b.state = 'half_open' and b.allowance <= 0 and b.changed_at < clock_timestamp() - $3 * interval '1 second')
     returning b.phone_number_id`,
    [mode, QUESTION_SECONDS, UNHEARD_SECONDS],
  );
  return rows.map((row) => row.phone_number_id);
}

/** Meta answered the question, or did not: then it is asked again later. */
export async function tellQuestion(
  db: Db,
  { mode, phoneNumberId }: { readonly mode: RunMode; readonly phoneNumberId: string },
  isAnswered: boolean,
): Promise<void> {
  await db.tx(async (sql) => {
    const { breaker, now } = await lock(sql, mode, phoneNumberId);
    if (breaker.state !== 'open') return;
    const after = isAnswered ? afterQuestion(breaker) : { ...breaker, probe_at: new Date(now.getTime() + NEXT_QUESTION_MS) };
    await write(sql, mode, phoneNumberId, after);
  });
}

/** Numbers that are held back, or watched. */
export async function heldBreakers(sql: Sql, mode: RunMode): Promise<KnownBreaker[]> {
  const { rows } = await sql.query<KnownBreaker>(
    `select phone_number_id, ${COLUMNS} from circuit_breakers where mode = $1 and state <> 'closed' order by phone_number_id`,
    [mode],
  );
  return rows;
}

export async function findBreaker(sql: Sql, mode: RunMode, phoneNumberId: string): Promise<Breaker> {
  const { rows } = await sql.query<Breaker>(`select ${COLUMNS} from circuit_breakers where mode = $1 and phone_number_id = $2`, [
    mode,
    phoneNumberId,
  ]);
  return rows[0] ?? CLOSED;
}

async function lock(sql: Sql, mode: RunMode, phoneNumberId: string): Promise<{ breaker: Breaker; now: Date }> {
  const { rows } = await sql.query<Breaker & { now: Date }>(
    `select ${COLUMNS}, clock_timestamp() as now from circuit_breakers where mode = $1 and phone_number_id = $2 for update`,
    [mode, phoneNumberId],
  );
  const row = rows[0];
  return row === undefined ? { breaker: CLOSED, now: new Date() } : { breaker: row, now: row.now };
}

async function write(sql: Sql, mode: RunMode, phoneNumberId: string, breaker: Breaker): Promise<void> {
  await sql.query(
    `update circuit_breakers
     set state = $3, score = $4, good = $5, allowance = $6, lost = $7, in_air = $8, reason = $9, since = $10, probes = $11, probe_at = $12,
         changed_at = clock_timestamp()
     where mode = $1 and phone_number_id = $2`,
    [
      mode,
      phoneNumberId,
      breaker.state,
      breaker.score,
      breaker.good,
      breaker.allowance,
      breaker.lost,
      breaker.in_air,
      breaker.reason,
      breaker.since,
      breaker.probes,
      breaker.probe_at,
    ],
  );
}
