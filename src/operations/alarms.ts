/**
 * What is wrong now and nobody has noticed: told in GET /api/v1/status, in the log when it begins and ends, and to Prometheus.
 * Reads only; holds nothing that a crash could lose.
 */

import type { Sql } from '../lib/db/db.ts';
import { SILENT_SECONDS } from '../lib/jobs/processes.sql.ts';
import { many } from '../lib/plural.ts';
import { wordsIn } from '../lib/words/words.ts';
import { levelOf, NOTICE_CODES, type Notice, noticeText } from '../numbers/account-notices.ts';
import { type AccountScope, readAccountState } from '../numbers/account-state.ts';
import { readSigns, type Signs } from './metrics.sql.ts';

export const ALARM_CODES = [
  'webhooks_silent',
  'webhooks_refused',
  'webhooks_behind',
  'webhooks_stuck',
  'no_worker',
  'opt_out_of_unknown',
  'meta_outage',
  'redis_refuses',
  // What Meta says of the account and the number.
  ...NOTICE_CODES,
] as const;

export type AlarmCode = (typeof ALARM_CODES)[number];

export interface Alarm {
  readonly code: AlarmCode;
  readonly message: string;
  readonly message_es: string;
}

/** Meta tells `sent` of an accepted message within seconds; after five minutes without a word the way back is broken. */
const SILENT_MINUTES = 5;
const LOOK_BACK_MINUTES = 24 * 60;
/** A few may be held back by Meta without a word. */
const ENOUGH = 5;
const BEHIND_SECONDS = 60;

/** What Meta says of the account, and what is wrong here. */
export async function readAlarms(sql: Sql, scope: AccountScope): Promise<Alarm[]> {
  const { notices } = await readAccountState(sql, scope);
  const signs = alarmsOf(
    await readSigns(sql, {
      mode: scope.mode,
      window: { from: LOOK_BACK_MINUTES, until: SILENT_MINUTES },
      aliveSeconds: SILENT_SECONDS,
    }),
  );
  return [...signs, ...alarmsOfNotices(notices)];
}

/** One a code, whatever number of alerts or restrictions stand under it. */
function alarmsOfNotices(notices: readonly Notice[]): Alarm[] {
  const alarms = new Map<AlarmCode, Alarm>();
  for (const notice of notices) {
    if (levelOf(notice) === 'info') continue;
    const { sentence, values } = noticeText(notice);
    const [message, message_es] = [wordsIn('en')(sentence, values), wordsIn('es')(sentence, values)];
    const before = alarms.get(notice.code);
    alarms.set(notice.code, {
      code: notice.code,
      message: before === undefined ? message : `${before.message} ${message}`,
      message_es: before === undefined ? message_es : `${before.message_es} ${message_es}`,
    });
  }
  return [...alarms.values()];
}

export function alarmsOf(signs: Signs): Alarm[] {
  const alarms: Alarm[] = [];
  if (signs.untold >= ENOUGH) {
    const last = signs.last_webhook_at?.toISOString();
    const since =
      last === undefined
        ? { en: 'none ever came', es: 'nunca llegó ninguno' }
        : { en: `the last came ${last}`, es: `el último llegó ${last}` };
    alarms.push({
      code: 'webhooks_silent',
      message: `Meta accepts messages but no webhook arrives (${since.en}), so nothing is seen as delivered or read. Check the public address, its certificate and the subscription: whatsapp-sender doctor.`,
      message_es: `Meta acepta mensajes pero no llega ningún webhook (${since.es}), así que nada aparece como entregado ni leído. Revise la dirección pública, su certificado y la suscripción: whatsapp-sender doctor.`,
    });
  }
  if (signs.refused_webhooks >= ENOUGH) {
    const values = { count: signs.refused_webhooks };
    alarms.push({
      code: 'webhooks_refused',
      message: wordsIn('en')('server.alarm.webhooks-refused', values),
      message_es: wordsIn('es')('server.alarm.webhooks-refused', values),
    });
  }
  if ((signs.oldest_pending_seconds ?? 0) > BEHIND_SECONDS) {
    const seconds = String(Math.round(signs.oldest_pending_seconds ?? 0));
    alarms.push({
      code: 'webhooks_behind',
      message: `Webhooks wait ${seconds} s to be applied. What is shown is that much behind; look whether a worker runs and whether the database is busy.`,
      message_es: `Hay webhooks que esperan ${seconds} s para aplicarse. Lo que se ve va con ese retraso; revise si hay un worker en marcha y si la base de datos está ocupada.`,
    });
  }
  if (signs.stuck > 0) {
    alarms.push({
      code: 'webhooks_stuck',
      message: `${many(signs.stuck, 'webhook could not be applied and was', 'webhooks could not be applied and were')} set aside, and kept in the journal: tried again within half an hour, and then by the next version. The log says why ("applying one webhook failed").`,
      message_es: `${many(signs.stuck, 'webhook no se pudo aplicar y se apartó; sigue guardado y se reintenta solo', 'webhooks no se pudieron aplicar y se apartaron; siguen guardados y se reintentan solos')}. El registro dice por qué ("applying one webhook failed").`,
    });
  }
  if (signs.running > 0 && signs.workers === 0) {
    alarms.push({
      code: 'no_worker',
      message: 'Campaigns are running but no worker is alive, so nothing leaves. Start one: whatsapp-sender worker.',
      message_es: 'Hay campañas en marcha pero ningún worker vivo, así que no sale nada. Inicie uno: whatsapp-sender worker.',
    });
  }
  if (signs.unknown_stops > 0) {
    alarms.push({
      code: 'opt_out_of_unknown',
      message: `${many(signs.unknown_stops, 'person', 'people')} with a hidden phone asked for no more messages, and nothing tells yet who it is, so nobody was taken off. Look at the doubtful replies and give the number where you can find it out.`,
      message_es: `${many(signs.unknown_stops, 'persona con el teléfono oculto pidió', 'personas con el teléfono oculto pidieron')} no recibir más mensajes y todavía no se sabe quién es, así que nadie ha sido dado de baja. Revise las respuestas dudosas e indique el número si puede averiguarlo.`,
    });
  }
  if (signs.redis_fault !== null) {
    const values = { fault: signs.redis_fault };
    alarms.push({
      code: 'redis_refuses',
      message: wordsIn('en')('server.alarm.redis-refuses', values),
      message_es: wordsIn('es')('server.alarm.redis-refuses', values),
    });
  }
  if (signs.outages > 0) {
    const since = signs.outage_since?.toISOString() ?? '';
    alarms.push({
      code: 'meta_outage',
      message: `Meta has not answered since ${since}: nothing leaves, and it is asked again by itself. ${many(signs.outage_lost, 'answer was', 'answers were')} lost; those people are unknown until a webhook tells.`,
      message_es: `Meta no responde desde ${since}: no sale nada y se le vuelve a preguntar solo. Respuestas perdidas: ${String(signs.outage_lost)}; de esas personas no se sabe el resultado hasta que lo diga un webhook.`,
    });
  }
  return alarms;
}

/** Tells an alarm once when it begins and once when it ends. */
export function createAlarmWatch(deps: {
  readonly read: () => Promise<readonly Alarm[]>;
  readonly onRaised: (alarm: Alarm) => void;
  readonly onCleared: (code: AlarmCode) => void;
}): () => Promise<void> {
  let raised = new Set<AlarmCode>();
  return async () => {
    const now = await deps.read();
    const codes = new Set(now.map((alarm) => alarm.code));
    for (const alarm of now) if (!raised.has(alarm.code)) deps.onRaised(alarm);
    for (const code of raised) if (!codes.has(code)) deps.onCleared(code);
    raised = codes;
  };
}
