/**
 * From an error of Meta's to what to do about it. Decided by `code` and `details`, never by HTTP status, title or subcode when a
 * code is known (docs/meta.md, Errors): Meta says titles and subcodes are going away. The one subcode used is 33 of code 100.
 */
import { type Sentence, say } from '../lib/words/sentence.ts';
import { META_ERROR_RANGES, META_ERRORS, type MetaAction, type MetaErrorEntry } from './error-table.ts';
import type { MetaError } from './send-outcome.ts';

export interface MetaErrorRule extends MetaErrorEntry {
  /** False when Meta's table does not list the code: log it loudly. */
  readonly known: boolean;
}

const BY_CODE = new Map<number, MetaErrorRule>(META_ERRORS.map((entry) => [entry.code, { ...entry, known: true }]));

const RANGES = META_ERROR_RANGES.map(({ from, to, entry }) => ({ from, to, rule: { ...entry, known: true } }));

const UNKNOWN_ADVICE = say('server.meta.advice-unknown');

/**
 * Signs that one row's values are at fault and not the mapping everyone shares. Texts seen in live answers (docs/meta.md, Parameters and
 * Errors). A wrong guess is cheap either way: a shared fault taken for a row's trips the breaker; a row's taken for a shared one
 * pauses the campaign once, and fails only that row when it comes again (retry.ts).
 */
const ROW_SIGNS: readonly RegExp[] = [
  /new-?line|tab characters|consecutive spaces/i,
  /missing text value|cannot be empty|must not be empty|is empty/i,
  /too long|(exceed|more than|longer than|at most|maximum).{0,40}(character|length)|character limit/i,
  /recipient|phone number.{0,40}(invalid|not valid|not a valid)|invalid.{0,20}phone number|\bparam to\b/i,
  /\b(url|link)\b.{0,60}(invalid|not valid|malformed)|(invalid|malformed).{0,20}\b(url|link)\b/i,
];

/** Signs of the shared payload that would otherwise match the list above. */
const SHARED_SIGNS: readonly RegExp[] = [/must be a string/i, /recipient_type|messaging_product/i, /phone[ _]number[ _]id/i];

export function isThisRowsFault(error: MetaError): boolean {
  const text = `${error.message} ${error.details ?? ''}`;
  return ROW_SIGNS.some((sign) => sign.test(text)) && !SHARED_SIGNS.some((sign) => sign.test(text));
}

/** The table's entry for a code, whatever the text says; undefined when the table does not list it. */
export function knownRule(code: number): MetaErrorRule | undefined {
  return BY_CODE.get(code) ?? RANGES.find(({ from, to }) => code >= from && code <= to)?.rule;
}

/** What this very error asks for: the table's entry, sharpened by its details; an unknown code by the rule of docs/meta.md, Errors. */
export function metaErrorRule(error: MetaError): MetaErrorRule {
  const rule = knownRule(error.code === 100 && error.subcode === 33 ? 33 : error.code);
  if (rule === undefined) return unknownRule(error);
  if (rule.unlessThisRow === true && isThisRowsFault(error)) return { ...rule, action: 'fail' };
  return rule;
}

function unknownRule(error: MetaError): MetaErrorRule {
  const status = error.httpStatus ?? 0;
  const transient = error.isTransient === true || status === 429 || status >= 500;
  return {
    code: error.code,
    title: unknownTitle(error.code),
    action: transient ? 'retry' : 'fail',
    advice: UNKNOWN_ADVICE,
    known: false,
  };
}

/** Our own refusal of a row that cannot be filled: Meta never saw it, and is not named for it. */
const ROW_REFUSED = { code: -2, title: say('server.meta.row-refused'), advice: say('server.meta.advice-row-refused') };

/** A failure that came without a reason. Not 0, which is Meta's own code for a token that is no longer valid. */
export const CAUSE_UNKNOWN_CODE = -4;

const CAUSE_UNKNOWN = {
  code: CAUSE_UNKNOWN_CODE,
  title: say('server.meta.cause-unknown'),
  advice: say('server.meta.advice-cause-unknown'),
};

/** What no answer of Meta's names. */
const OWN_CODES = [ROW_REFUSED, CAUSE_UNKNOWN];

export function adviceFor(code: number): Sentence {
  const own = OWN_CODES.find((entry) => entry.code === code);
  return own?.advice ?? knownRule(code)?.advice ?? UNKNOWN_ADVICE;
}

export function titleFor(code: number): Sentence {
  return OWN_CODES.find((entry) => entry.code === code)?.title ?? knownRule(code)?.title ?? unknownTitle(code);
}

function unknownTitle(code: number): Sentence {
  return say('server.meta.unknown-error', { code: String(code) });
}

const RESENDABLE: ReadonlySet<MetaAction> = new Set([
  'retry',
  'slow_number',
  'slow_pair',
  'hold_utility',
  'stop_template',
  'stop_account',
  'stop_campaign',
  'later',
]);

/** May a person send a message that failed with this code again, and how long after the failure? For "retry those that may be". */
export function resendAfter(code: number): { readonly mayResend: boolean; readonly afterMs: number } {
  const rule = knownRule(code);
  if (rule === undefined) return { mayResend: false, afterMs: 0 };
  return { mayResend: rule.mayResend === true || RESENDABLE.has(rule.action), afterMs: rule.againAfterMs ?? 0 };
}

/** The codes of `resendAfter`, for a query over stored failures. Unknown codes are not among them: nobody knows. */
export function resendableCodes(): readonly { readonly code: number; readonly afterMs: number }[] {
  return META_ERRORS.flatMap(({ code }) => {
    const { mayResend, afterMs } = resendAfter(code);
    return mayResend ? [{ code, afterMs }] : [];
  });
}
