import type { Row } from '../support/row.ts';
import { cost } from './cost.ts';
import { fairness } from './fairness.ts';
import { growth } from './growth.ts';
import { importing } from './import.ts';
import { killRow } from './kill.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { memoryRow } from './memory.ts';
import { pacing } from './pacing.ts';
import { sendingEmbedded, sendingPostgres, sendingRedis } from './sending.ts';
import { simulatorBare } from './simulator.ts';
import { soakRow } from './soak.ts';
import { webhooksBulk, webhooksSingle } from './webhooks.ts';

/** In the order of the table in docs/performance.md. */
export const ROWS: readonly Row[] = [
  simulatorBare,
  sendingEmbedded,
  sendingPostgres,
  sendingRedis,
  pacing,
  webhooksSingle,
  webhooksBulk,
  importing,
  fairness,
  cost,
  growth,
  lists,
  live,
  memoryRow,
  soakRow,
  killRow,
];
