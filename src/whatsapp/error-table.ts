/**
 * Meta's error codes as data (docs/meta.md, Errors): what each means for a bulk sender, and the advice a person reads.
 * How a code becomes a decision: errors.ts here and src/sending/retry.ts; docs/error-codes.md is made from this table.
 */
import { say, type Sentence } from '../lib/words/sentence.ts';


/** What to do about a code (docs/meta.md, Errors). */
export type MetaAction =
  /** Transient: the same message again after a backoff, as often as the retry policy allows. */
  | 'retry'
  /** The sending number stops for a while and goes on more slowly; the message stays queued. */
  | 'slow_number'
  /** Only this person waits. */
  | 'slow_pair'
  /** Every campaign on this template and language pauses. */
  | 'stop_template'
  /** Templates of the category utility wait on this number and go on by themselves; the other categories go on. */
  | 'hold_utility'
  /** Everything on this number or account pauses. */
  | 'stop_account'
  /** Our payload or settings are wrong: every recipient would fail alike, so the campaign pauses. */
  | 'stop_campaign'
  /** This recipient failed; carry on. */
  | 'fail'
  /** Failed now; a person may offer it again after `againAfterMs`, never a loop. */
  | 'later'
  /** Failed, and the person goes on the suppression list. */
  | 'never';

export interface MetaErrorEntry {
  readonly code: number;
  readonly title: Sentence;
  readonly action: MetaAction;
  readonly advice: Sentence;
  /** With `never`: what the person may no longer be sent. */
  readonly suppress?: 'all' | 'marketing';
  /** With `later`: how long before a person may offer it again. */
  readonly againAfterMs?: number;
  /** How long the number stops (seconds) and by which factor its rate falls. */
  readonly slow?: { readonly seconds: number; readonly factor: number };
  /** With `retry`: fewer retries than the policy allows. */
  readonly maxRetries?: number;
  /** With `retry`: never sooner than this. */
  readonly minDelaySeconds?: number;
  /** With `stop_campaign`: when the text shows that only this row's values are at fault, the row fails and the rest goes on. */
  readonly unlessThisRow?: true;
  /** With `fail`: sending it again may succeed once its cause is gone, so "retry those that may be" includes it. */
  readonly mayResend?: true;
}

const DAY_MS = 86_400_000;

const TOKEN = say('server.meta.advice-token');
const PERMISSION = say('server.meta.advice-permission');
const UNKNOWN_OBJECT = say('server.meta.advice-unknown-object');
const META_TROUBLE = say('server.meta.advice-meta-trouble');
const CALL_LIMIT = say('server.meta.advice-call-limit');
const ROW_VALUE = say('server.meta.advice-row-value');
const PAYMENT = say('server.meta.advice-payment');
const MARKETING_ROUTE = say('server.meta.advice-marketing-route');
const REGISTER = say('server.meta.advice-register');
const SETUP_ONLY = say('server.meta.advice-setup-only');

/** Failures of our own making, kept apart from Meta's codes: those are never negative, and 429 is none of them. */
export const UNREACHABLE_CODE = -1;
/** Why a number stands still or goes slower: answers of Meta's are lost, or its service fails. Told of a number, never of a message. */
export const OUTAGE_CODE = -3;
export const BARE_429_CODE = 429;

const SENDING: readonly MetaErrorEntry[] = [
  {
    code: UNREACHABLE_CODE,
    title: say('server.meta.meta-could-not-be-reached'),
    action: 'fail',
    mayResend: true,
    advice: say('server.meta.advice-meta-could-not-be-reached'),
  },
  {
    code: OUTAGE_CODE,
    title: say('server.meta.meta-does-not-answer'),
    action: 'fail',
    mayResend: true,
    advice: say('server.meta.advice-meta-does-not-answer'),
  },
  { code: 0, title: say('server.meta.not-authenticated'), action: 'stop_account', advice: TOKEN },
  {
    code: 1,
    title: say('server.meta.unknown-api-error'),
    action: 'retry',
    maxRetries: 2,
    advice: say('server.meta.advice-unknown-api-error'),
  },
  { code: 2, title: say('server.meta.temporary-outage'), action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  { code: 3, title: say('server.meta.capability-missing'), action: 'stop_account', advice: PERMISSION },
  { code: 4, title: say('server.meta.app-call-limit'), action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 10, title: say('server.meta.permission-denied'), action: 'stop_account', advice: PERMISSION },
  { code: 17, title: say('server.meta.user-call-limit'), action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 33, title: say('server.meta.unknown-number-or-account'), action: 'stop_account', advice: UNKNOWN_OBJECT },
  {
    code: 100,
    title: say('server.meta.invalid-parameter'),
    action: 'stop_campaign',
    unlessThisRow: true,
    advice: say('server.meta.advice-invalid-parameter'),
  },
  { code: 102, title: say('server.meta.session-expired'), action: 'stop_account', advice: TOKEN },
  { code: 104, title: say('server.meta.access-token-missing'), action: 'stop_account', advice: TOKEN },
  { code: 190, title: say('server.meta.access-token-expired-or-invalid'), action: 'stop_account', advice: TOKEN },
  {
    code: 368,
    title: say('server.meta.blocked-for-policy-violations'),
    action: 'stop_account',
    advice: say('server.meta.advice-blocked-for-policy-violations'),
  },
  {
    code: BARE_429_CODE,
    title: say('server.meta.too-many-requests-http-429-without-an-error'),
    action: 'slow_number',
    slow: { seconds: 5, factor: 0.5 },
    advice: CALL_LIMIT,
  },
  { code: 613, title: say('server.meta.call-limit'), action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  { code: 803, title: say('server.meta.unknown-object'), action: 'stop_account', advice: UNKNOWN_OBJECT },
  { code: 80007, title: say('server.meta.account-call-limit'), action: 'slow_number', slow: { seconds: 60, factor: 0.5 }, advice: CALL_LIMIT },
  {
    code: 130403,
    title: say('server.meta.you-blocked-this-person'),
    action: 'never',
    suppress: 'all',
    advice: say('server.meta.advice-you-blocked-this-person'),
  },
  {
    code: 130429,
    title: say('server.meta.the-numbers-throughput-limit'),
    action: 'slow_number',
    slow: { seconds: 2, factor: 0.7 },
    advice: say('server.meta.advice-the-numbers-throughput-limit'),
  },
  {
    code: 130472,
    title: say('server.meta.person-in-a-meta-experiment'),
    action: 'fail',
    advice: say('server.meta.advice-person-in-a-meta-experiment'),
  },
  {
    code: 130497,
    title: say('server.meta.country-not-allowed'),
    action: 'fail',
    advice: say('server.meta.advice-country-not-allowed'),
  },
  {
    code: 131000,
    title: say('server.meta.something-went-wrong'),
    action: 'retry',
    mayResend: true,
    advice: say('server.meta.advice-something-went-wrong'),
  },
  { code: 131005, title: say('server.meta.access-denied'), action: 'stop_account', advice: PERMISSION },
  {
    code: 131008,
    title: say('server.meta.required-parameter-missing'),
    action: 'stop_campaign',
    unlessThisRow: true,
    advice: say('server.meta.advice-required-parameter-missing'),
  },
  { code: 131009, title: say('server.meta.parameter-value-not-valid'), action: 'fail', advice: ROW_VALUE },
  { code: 131016, title: say('server.meta.service-unavailable'), action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  {
    code: 131021,
    title: say('server.meta.recipient-is-the-sender'),
    action: 'fail',
    advice: say('server.meta.advice-recipient-is-the-sender'),
  },
  {
    code: 131026,
    title: say('server.meta.message-undeliverable'),
    action: 'fail',
    advice: say('server.meta.advice-message-undeliverable'),
  },
  {
    code: 131030,
    title: say('server.meta.recipient-not-in-the-allowed-list'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-recipient-not-in-the-allowed-list'),
  },
  {
    code: 131031,
    title: say('server.meta.account-locked'),
    action: 'stop_account',
    advice: say('server.meta.advice-account-locked'),
  },
  {
    code: 131037,
    title: say('server.meta.display-name-not-approved'),
    action: 'stop_account',
    advice: say('server.meta.advice-display-name-not-approved'),
  },
  { code: 131042, title: say('server.meta.payment-problem'), action: 'stop_account', advice: PAYMENT },
  { code: 131044, title: say('server.meta.payment-problem'), action: 'stop_account', advice: PAYMENT },
  { code: 131045, title: say('server.meta.number-registration-problem'), action: 'stop_account', advice: REGISTER },
  {
    code: 131047,
    title: say('server.meta.more-than-24-hours-since-the-last-reply'),
    action: 'fail',
    advice: say('server.meta.advice-more-than-24-hours-since-the-last-reply'),
  },
  {
    code: 131048,
    title: say('server.meta.spam-limit-of-the-number'),
    action: 'slow_number',
    slow: { seconds: 3600, factor: 0.25 },
    advice: say('server.meta.advice-spam-limit-of-the-number'),
  },
  {
    code: 131049,
    title: say('server.meta.not-delivered-to-keep-the-ecosystem-healthy'),
    action: 'later',
    againAfterMs: DAY_MS,
    advice: say('server.meta.advice-not-delivered-to-keep-the-ecosystem-healthy'),
  },
  {
    code: 131050,
    title: say('server.meta.person-stopped-marketing-from-you'),
    action: 'never',
    suppress: 'marketing',
    advice: say('server.meta.advice-person-stopped-marketing-from-you'),
  },
  {
    code: 131051,
    title: say('server.meta.unsupported-message-type'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-unsupported-message-type'),
  },
  {
    code: 131052,
    title: say('server.meta.media-of-the-person-could-not-be-downloaded'),
    action: 'fail',
    advice: say('server.meta.advice-media-of-the-person-could-not-be-downloaded'),
  },
  {
    code: 131053,
    title: say('server.meta.media-could-not-be-loaded'),
    action: 'fail',
    mayResend: true,
    advice: say('server.meta.advice-media-could-not-be-loaded'),
  },
  { code: 131055, title: say('server.meta.wrong-route-for-this-template'), action: 'stop_campaign', advice: MARKETING_ROUTE },
  {
    code: 131056,
    title: say('server.meta.too-many-messages-to-this-person'),
    action: 'slow_pair',
    advice: say('server.meta.advice-too-many-messages-to-this-person'),
  },
  {
    code: 131057,
    title: say('server.meta.number-under-maintenance'),
    action: 'slow_number',
    slow: { seconds: 60, factor: 1 },
    advice: say('server.meta.advice-number-under-maintenance'),
  },
  {
    code: 131058,
    title: say('server.meta.sample-template-from-a-real-number'),
    action: 'stop_template',
    advice: say('server.meta.advice-sample-template-from-a-real-number'),
  },
  {
    code: 131059,
    title: say('server.meta.list-cursor-expired'),
    action: 'fail',
    advice: say('server.meta.advice-list-cursor-expired'),
  },
  {
    code: 131061,
    title: say('server.meta.template-with-a-maximum-price'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-template-with-a-maximum-price'),
  },
  {
    code: 131062,
    title: say('server.meta.user-id-not-supported-here'),
    action: 'fail',
    advice: say('server.meta.advice-user-id-not-supported-here'),
  },
  {
    code: 131063,
    title: say('server.meta.marketing-switched-off-on-this-route'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-marketing-switched-off-on-this-route'),
  },
  {
    code: 131064,
    title: say('server.meta.utility-templates-limited-for-a-wrong-category'),
    action: 'hold_utility',
    advice: say('server.meta.advice-utility-templates-limited-for-a-wrong-category'),
  },
  {
    code: 131065,
    title: say('server.meta.maximum-price-not-available-in-this-country'),
    action: 'fail',
    advice: say('server.meta.advice-maximum-price-not-available-in-this-country'),
  },
  {
    code: 131070,
    title: say('server.meta.another-responder-owns-the-conversation'),
    action: 'fail',
    advice: say('server.meta.advice-another-responder-owns-the-conversation'),
  },
  {
    code: 132000,
    title: say('server.meta.wrong-number-of-parameters'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-wrong-number-of-parameters'),
  },
  {
    code: 132001,
    title: say('server.meta.template-not-found-in-this-language'),
    action: 'stop_template',
    advice: say('server.meta.advice-template-not-found-in-this-language'),
  },
  {
    code: 132005,
    title: say('server.meta.message-too-long'),
    action: 'fail',
    advice: say('server.meta.advice-message-too-long'),
  },
  {
    code: 132007,
    title: say('server.meta.template-violates-a-policy'),
    action: 'stop_template',
    advice: say('server.meta.advice-template-violates-a-policy'),
  },
  { code: 132008, title: say('server.meta.parameter-value-formatted-wrongly'), action: 'fail', advice: ROW_VALUE },
  {
    code: 132012,
    title: say('server.meta.parameter-format-mismatch'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-parameter-format-mismatch'),
  },
  {
    code: 132015,
    title: say('server.meta.template-paused'),
    action: 'stop_template',
    advice: say('server.meta.advice-template-paused'),
  },
  {
    code: 132016,
    title: say('server.meta.template-disabled'),
    action: 'stop_template',
    advice: say('server.meta.advice-template-disabled'),
  },
  { code: 132018, title: say('server.meta.template-parameters-refused'), action: 'stop_campaign', unlessThisRow: true, advice: ROW_VALUE },
  {
    code: 132068,
    title: say('server.meta.flow-blocked'),
    action: 'stop_template',
    advice: say('server.meta.advice-flow-blocked'),
  },
  {
    code: 132069,
    title: say('server.meta.flow-throttled'),
    action: 'slow_number',
    slow: { seconds: 360, factor: 1 },
    advice: say('server.meta.advice-flow-throttled'),
  },
  { code: 133004, title: say('server.meta.server-unavailable'), action: 'retry', slow: { seconds: 0, factor: 0.9 }, advice: META_TROUBLE },
  { code: 133010, title: say('server.meta.number-not-registered'), action: 'stop_account', advice: REGISTER },
  {
    code: 134011,
    title: say('server.meta.payment-terms-not-accepted'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-payment-terms-not-accepted'),
  },
  { code: 134100, title: say('server.meta.marketing-templates-only'), action: 'stop_campaign', advice: MARKETING_ROUTE },
  {
    code: 134101,
    title: say('server.meta.template-still-syncing'),
    action: 'retry',
    minDelaySeconds: 600,
    advice: say('server.meta.advice-template-still-syncing'),
  },
  {
    code: 134102,
    title: say('server.meta.marketing-route-not-available'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-marketing-route-not-available'),
  },
  {
    code: 135000,
    title: say('server.meta.generic-user-error'),
    action: 'fail',
    mayResend: true,
    advice: say('server.meta.advice-generic-user-error'),
  },
  {
    code: 137000,
    title: say('server.meta.identity-of-the-person-changed'),
    action: 'fail',
    advice: say('server.meta.advice-identity-of-the-person-changed'),
  },
  {
    code: 139200,
    title: say('server.meta.direct-send-blocked'),
    action: 'stop_campaign',
    advice: say('server.meta.advice-direct-send-blocked'),
  },
  {
    code: 141002,
    title: say('server.meta.template-not-approved'),
    action: 'stop_template',
    advice: say('server.meta.advice-template-not-approved'),
  },
];

/** Codes of the set-up screens (docs/meta.md, Errors): not seen when sending, and if one is, everyone would meet it. */
const SETUP: readonly (readonly [code: number, title: Sentence])[] = [
  [133000, say('server.meta.deregistration-incomplete')],
  [133005, say('server.meta.two-step-pin-wrong')],
  [133006, say('server.meta.number-must-be-verified-first')],
  [133008, say('server.meta.too-many-pin-tries')],
  [133009, say('server.meta.pin-entered-too-fast')],
  [133015, say('server.meta.number-was-just-deleted')],
  [133016, say('server.meta.registration-limit-reached')],
  [2388012, say('server.meta.number-already-exists')],
  [2388019, say('server.meta.template-limit-reached')],
  [2388023, say('server.meta.template-name-and-language-taken')],
  [2388039, say('server.meta.template-status-cannot-be-changed')],
  [2388040, say('server.meta.template-text-too-long')],
  [2388047, say('server.meta.template-header-not-valid')],
  [2388072, say('server.meta.template-body-not-valid')],
  [2388073, say('server.meta.template-footer-not-valid')],
  [2388091, say('server.meta.phone-migration-refused')],
  [2388093, say('server.meta.phone-migration-refused')],
  [2388103, say('server.meta.phone-migration-refused')],
  [2388293, say('server.meta.too-many-variables-for-the-length')],
  [2388299, say('server.meta.variable-at-the-beginning-or-end')],
  [2494100, say('server.meta.number-under-maintenance')],
  [2593107, say('server.meta.coexistence-sync-limit')],
  [2593108, say('server.meta.coexistence-sync-limit')],
  [1752041, say('server.meta.already-enrolled-on-the-marketing-route')],
];

export const META_ERRORS: readonly MetaErrorEntry[] = [
  ...SENDING,
  ...SETUP.map(([code, title]): MetaErrorEntry => ({ code, title, action: 'stop_campaign', advice: SETUP_ONLY })),
];

/** 200–299 are all missing permissions (docs/meta.md, Errors). */
export const META_ERROR_RANGES: readonly { readonly from: number; readonly to: number; readonly entry: MetaErrorEntry }[] = [
  { from: 200, to: 299, entry: { code: 200, title: say('server.meta.permission-missing'), action: 'stop_account', advice: PERMISSION } },
];
