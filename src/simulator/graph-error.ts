import { createHash } from 'node:crypto';

/** An answer other than 200, in Graph's shape (docs/meta.md, Errors). `body` overrides the JSON: an edge's HTML, an empty body. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly type: string;
  readonly subcode?: number;
  readonly details?: string;
  readonly transient?: boolean;
  readonly body?: { readonly contentType: string; readonly text: string };
}

type Entry = readonly [status: number, message: string, details?: string];

/** Code, HTTP status of the docs, exact text where one was captured (docs/meta.md, Errors). */
const CATALOGUE: Readonly<Record<number, Entry>> = {
  1: [400, 'An unknown error occurred'],
  2: [503, 'Service temporarily unavailable'],
  3: [500, '(#3) Application does not have the capability to make this API call.'],
  4: [400, '(#4) Application request limit reached'],
  10: [403, '(#10) Application does not have permission for this action'],
  100: [400, '(#100) Invalid parameter'],
  104: [401, 'An access token is required to request this resource'],
  190: [401, 'Invalid OAuth access token'],
  200: [403, "(#200) You don't have the required permission for this action"],
  368: [403, '(#368) Temporarily blocked for policies violations'],
  613: [429, '(#613) Calls to this api have exceeded the rate limit.'],
  803: [404, '(#803) Some of the aliases you requested do not exist'],
  80007: [400, '(#80007) Rate limit issues'],
  130403: [403, '(#130403) Business has blocked this user'],
  130429: [400, '(#130429) Rate limit hit', 'Cloud API message throughput has been reached.'],
  130472: [
    400,
    "(#130472) User's number is part of an experiment",
    "Failed to send message because this user's phone number is part of an experiment",
  ],
  130497: [403, '(#130497) Business account is restricted from messaging users in this country.'],
  131000: [500, '(#131000) Something went wrong'],
  131005: [403, '(#131005) Access denied'],
  131008: [400, '(#131008) Required parameter is missing'],
  131009: [400, '(#131009) Parameter value is not valid'],
  131016: [500, '(#131016) Service unavailable'],
  131021: [400, '(#131021) Recipient cannot be sender', 'Recipient phone number cannot be the sender phone number.'],
  131026: [400, '(#131026) Message undeliverable', 'Message Undeliverable.'],
  131030: [
    400,
    '(#131030) Recipient phone number not in allowed list',
    'Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.',
  ],
  131031: [403, '(#131031) Account has been locked'],
  131037: [400, '(#131037) WhatsApp provided number needs display name approval before message can be sent.'],
  131042: [
    400,
    '(#131042) Business eligibility payment issue',
    'Message failed to send because there were one or more errors related to your payment method.',
  ],
  131045: [500, '(#131045) Incorrect certificate'],
  131047: [
    400,
    '(#131047) Re-engagement message',
    'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  ],
  131048: [
    400,
    '(#131048) Spam rate limit hit',
    'Message failed to send because there are restrictions on how many messages can be sent from this phone number.',
  ],
  131049: [
    400,
    '(#131049) This message was not delivered to maintain healthy ecosystem engagement.',
    'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
  ],
  131050: [
    400,
    '(#131050) Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business',
  ],
  131051: [400, '(#131051) Unsupported message type', 'Message type is currently not supported.'],
  131052: [400, '(#131052) Media download error'],
  131053: [400, '(#131053) Media upload error'],
  131055: [400, '(#131055) Method not allowed', 'Only marketing templates can be sent with this method.'],
  131056: [400, '(#131056) (Business Account, Consumer Account) pair rate limit hit'],
  131057: [
    500,
    '(#131057) Account in maintenance mode',
    'Business Account is in maintenance mode. A throughput upgrade is in progress.',
  ],
  131058: [400, '(#131058) Hello World templates can only be sent from the Public Test Numbers'],
  131059: [400, '(#131059) Invalid paging cursor', 'The cursor is malformed or has expired. Start again without one.'],
  131061: [
    400,
    '(#131061) Template cannot be sent with this method',
    'The template has a maximum price: send it with the Marketing Messages API.',
  ],
  131062: [400, '(#131062) Business-scoped user IDs are not supported for this message'],
  131063: [400, '(#131063) Marketing messages are disabled on Cloud API for this account'],
  131064: [403, '(#131064) Account limited because of template misclassification'],
  131065: [400, '(#131065) Max price is not available in the country of the recipient'],
  131070: [400, '(#131070) The thread is owned by another responder'],
  132000: [400, '(#132000) Number of parameters does not match the expected number of params'],
  132001: [404, '(#132001) Template name does not exist in the translation'],
  132005: [400, '(#132005) Translated text too long'],
  132007: [400, '(#132007) Template content policy violated'],
  132008: [400, '(#132008) Parameter value has an invalid format'],
  132012: [400, '(#132012) Parameter format does not match format in the created template'],
  132015: [400, '(#132015) Template is paused', 'The template is paused because of low quality.'],
  132016: [
    400,
    '(#132016) Template is disabled',
    'The template was paused too many times because of low quality and is now permanently disabled.',
  ],
  132018: [400, '(#132018) There’s an issue with the parameters in your template'],
  132068: [400, '(#132068) Flow is blocked'],
  132069: [400, '(#132069) Flow is throttled'],
  133004: [503, '(#133004) Server is temporarily unavailable'],
  133010: [400, '(#133010) The account is not registered', 'The phone number is not registered on Cloud API.'],
  134100: [400, '(#134100) Only marketing templates can be sent with the Marketing Messages API'],
  134101: [400, '(#134101) Template is still syncing', 'New templates take up to 10 minutes to be available.'],
  134102: [500, '(#134102) Template is unavailable for the Marketing Messages API'],
  135000: [400, '(#135000) Generic user error'],
  137000: [400, '(#137000) Identity key hash mismatch'],
};

export function isKnownCode(code: number): boolean {
  return code in CATALOGUE;
}

export function refuse(code: number, details?: string, over: Partial<Refusal> = {}): Refusal {
  const [status, message, usual] = CATALOGUE[code] ?? ([400, `(#${String(code)}) Error`] as const);
  const text = details ?? usual;
  return {
    status,
    code,
    message,
    type: 'OAuthException',
    ...(text === undefined ? {} : { details: text }),
    ...(code === 1 || code === 2 ? { transient: true } : {}),
    ...over,
  };
}

/** Graph's answer when an id does not exist or the token cannot see it (docs/meta.md, Errors, code 100 subcode 33). */
export function unknownObject(id: string, method: string): Refusal {
  return refuse(100, undefined, {
    message: `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
    type: 'GraphMethodException',
    subcode: 33,
  });
}

export function refusalBody(refusal: Refusal, trace: string): string {
  if (refusal.body !== undefined) return refusal.body.text;
  return JSON.stringify({
    error: {
      message: refusal.message,
      type: refusal.type,
      ...(refusal.transient === true ? { is_transient: true } : {}),
      code: refusal.code,
      ...(refusal.details === undefined ? {} : { error_data: { messaging_product: 'whatsapp', details: refusal.details } }),
      ...(refusal.subcode === undefined ? {} : { error_subcode: refusal.subcode }),
      fbtrace_id: trace,
    },
  });
}

/** Looks like Meta's trace ids, and differs for every answer. */
export function traceId(run: string, count: number): string {
  return `A${createHash('sha1')
    .update(`${run}:${String(count)}`)
    .digest('base64url')
    .slice(0, 22)}`;
}

/** The same codes as they read in a `failed` status (docs/meta.md, Errors): no "(#code)", message repeats the title. */
const WEBHOOK_DETAILS: Readonly<Record<number, string>> = {
  131026: 'Message Undeliverable.',
  131053: 'Downloading media from weblink failed with http code 503, status message Service Unavailable',
};

export function webhookError(code: number): string {
  const refusal = refuse(code);
  const title = refusal.message.replace(/^\(#\d+\) /, '');
  const details = WEBHOOK_DETAILS[code] ?? refusal.details ?? title;
  return JSON.stringify({
    code,
    title,
    message: title,
    error_data: { details },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  });
}
