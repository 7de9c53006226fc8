/** From Meta's answer to an outcome (docs/guarantees.md, Unknown): what cannot be read is unknown, never guessed. */
import type { IncomingHttpHeaders } from 'node:http';
import { BARE_429_CODE } from './error-table.ts';
import type { MetaError, SendOutcome } from './send-outcome.ts';
import { asArray, asNumber, asObject, asText, type JsonObject, parseJson } from './wire.ts';

/** Kept back by Meta: for a quality check, or because the template is paused (docs/meta.md, The answer and What happens to a template). */
const HELD_STATUSES: ReadonlySet<unknown> = new Set(['held_for_quality_assessment', 'paused']);

/** The outcome of a send that was answered. */
export function readOutcome(status: number, headers: IncomingHttpHeaders, body: string): SendOutcome {
  const json = asObject(parseJson(body));
  if (status >= 200 && status < 300 && json !== undefined) {
    const message = asObject(asArray(json['messages'])[0]);
    const wamid = asText(message?.['id']);
    if (wamid !== undefined) {
      const held = HELD_STATUSES.has(message?.['message_status']);
      const waId = asText(asObject(asArray(json['contacts'])[0])?.['wa_id']);
      return waId === undefined ? { kind: 'accepted', wamid, held } : { kind: 'accepted', wamid, held, waId };
    }
  }
  const error = readGraphError(status, headers, json);
  if (error !== undefined) return { kind: 'rejected', error };
  return { kind: 'unknown', reason: `http_${String(status)}_unreadable` };
}

/** A Graph error, or a bare 429; undefined when the answer is neither. */
export function readGraphError(
  status: number,
  headers: IncomingHttpHeaders,
  json: JsonObject | undefined,
): MetaError | undefined {
  const error = json === undefined ? undefined : metaErrorFrom(json['error']);
  const retryAfterSeconds = waitAsked(headers);
  const context = { httpStatus: status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  if (error !== undefined) return { ...error, ...context };
  if (status === 429) return { code: BARE_429_CODE, message: 'Too many requests', ...context };
  return undefined;
}

/**
 * One error object, of a response or of a webhook (docs/meta.md, Errors): the latter has `title`, and `message` only since v16.
 * `error_data` may be missing, an object, or a plain string.
 */
export function metaErrorFrom(value: unknown): MetaError | undefined {
  const error = asObject(value);
  const code = asNumber(error?.['code']);
  if (error === undefined || code === undefined || !Number.isSafeInteger(code)) return undefined;
  const subcode = asNumber(error['error_subcode']);
  const data = error['error_data'];
  const details = asText(data) ?? asText(asObject(data)?.['details']) ?? asText(error['error_user_msg']);
  const fbtraceId = asText(error['fbtrace_id']);
  const isTransient = error['is_transient'];
  return {
    code,
    message: asText(error['message']) ?? asText(error['title']) ?? `Error ${String(code)}`,
    ...(subcode === undefined ? {} : { subcode }),
    ...(details === undefined ? {} : { details }),
    ...(fbtraceId === undefined ? {} : { fbtraceId }),
    ...(typeof isTransient === 'boolean' ? { isTransient } : {}),
  };
}

/** Retry-After in seconds, or the longest `estimated_time_to_regain_access`, which is in minutes (docs/meta.md, Limits). */
function waitAsked(headers: IncomingHttpHeaders): number | undefined {
  const retryAfter = asNumber(headers['retry-after']);
  if (retryAfter !== undefined && retryAfter > 0) return retryAfter;
  const usage = headers['x-business-use-case-usage'];
  const accounts = typeof usage === 'string' ? asObject(parseJson(usage)) : undefined;
  if (accounts === undefined) return undefined;
  const minutes = Object.values(accounts)
    .flatMap(asArray)
    .map((entry) => asNumber(asObject(entry)?.['estimated_time_to_regain_access']) ?? 0);
  const longest = Math.max(0, ...minutes);
  return longest > 0 ? longest * 60 : undefined;
}
