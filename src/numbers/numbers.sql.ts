import type { Sql } from '../lib/db/db.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import type { Pace } from './pace.ts';

/** A sending number as Meta last described it, and the pace it has learnt. */
export interface SendingNumber {
  readonly mode: RunMode;
  readonly phone_number_id: string;
  readonly display_phone_number: string | null;
  readonly verified_name: string | null;
  readonly status: string | null;
  readonly quality: string | null;
  readonly throughput_level: string | null;
  readonly messaging_limit: string | null;
  readonly pace: Pace | null;
  readonly synced_at: Date | null;
}

export type NumberFacts = Partial<
  Pick<SendingNumber, 'display_phone_number' | 'verified_name' | 'status' | 'quality' | 'throughput_level' | 'messaging_limit'>
>;

/** Writes what is known; what is not given stays. */
export async function upsertNumber(sql: Sql, mode: RunMode, phoneNumberId: string, facts: NumberFacts): Promise<void> {
  await sql.query(
    `insert into sending_numbers (mode, phone_number_id, display_phone_number, verified_name, status, quality, throughput_level, messaging_limit, synced_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp())
     on conflict (mode, phone_number_id) do update set
       display_phone_number = coalesce(excluded.display_phone_number, sending_numbers.display_phone_number),
       verified_name = coalesce(excluded.verified_name, sending_numbers.verified_name),
       status = coalesce(excluded.status, sending_numbers.status),
       quality = coalesce(excluded.quality, sending_numbers.quality),
       throughput_level = coalesce(excluded.throughput_level, sending_numbers.throughput_level),
       messaging_limit = coalesce(excluded.messaging_limit, sending_numbers.messaging_limit),
       synced_at = clock_timestamp()`,
    [
      mode,
      phoneNumberId,
      facts.display_phone_number ?? null,
      facts.verified_name ?? null,
      facts.status ?? null,
      facts.quality ?? null,
      facts.throughput_level ?? null,
      facts.messaging_limit ?? null,
    ],
  );
}

export async function findNumber(sql: Sql, mode: RunMode, phoneNumberId: string): Promise<SendingNumber | undefined> {
  const { rows } = await sql.query<SendingNumber>('select * from sending_numbers where mode = $1 and phone_number_id = $2', [
    mode,
    phoneNumberId,
  ]);
  return rows[0];
}

/** Keeps the learnt pace, so that a restart does not begin at a speed Meta has just refused. */
export async function savePace(sql: Sql, mode: RunMode, phoneNumberId: string, pace: Pace): Promise<void> {
  await sql.query(
    `insert into sending_numbers (mode, phone_number_id, pace) values ($1, $2, $3)
     on conflict (mode, phone_number_id) do update set pace = excluded.pace`,
    [mode, phoneNumberId, JSON.stringify(pace)],
  );
}
