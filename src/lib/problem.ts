import { english, isSentence, type Text, together } from './words/sentence.ts';

/**
 * A refusal with a name: thrown by use cases, turned into RFC 9457 problem+json by the HTTP server and into one line by the command
 * line, in the reader's language; its `message` is English, for logs. The catalogue of codes is PROBLEMS; docs/error-codes.md is made from it.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: Text;
  readonly extra: Readonly<Record<string, unknown>>;

  /** @param detail what happened and what to do, for this case; one or two plain sentences. Sentences in `extra` are put into words too. */
  constructor(code: ProblemCode, detail: Text | readonly Text[], extra: Readonly<Record<string, unknown>> = {}) {
    const text = typeof detail === 'object' && !isSentence(detail) ? together(...detail) : detail;
    super(english(text));
    this.name = 'Problem';
    this.code = code;
    this.detail = text;
    this.extra = extra;
  }
}

/** Stable code -> HTTP status and title. A title never changes its meaning; clients may build on the code. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'Invalid request' },
  unreadable_body: { status: 400, title: 'Unreadable body' },
  not_authenticated: { status: 401, title: 'Not authenticated' },
  second_factor_needed: { status: 401, title: 'Second factor needed' },
  not_allowed: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  campaign_not_found: { status: 404, title: 'Campaign not found' },
  template_not_found: { status: 404, title: 'Template not found' },
  recipient_not_found: { status: 404, title: 'Recipient not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  request_timeout: { status: 408, title: 'Request timeout' },
  campaign_already_running: { status: 409, title: 'Campaign already running' },
  campaign_cannot_be_started: { status: 409, title: 'Campaign cannot be started' },
  campaign_wrong_state: { status: 409, title: 'Not possible in this state' },
  campaign_archived: { status: 409, title: 'Campaign is archived' },
  grace_time_not_over: { status: 409, title: 'Grace time is not over' },
  backup_not_here: { status: 409, title: 'Backup is made elsewhere' },
  campaign_has_sent: { status: 409, title: 'Campaign has already sent' },
  upload_in_progress: { status: 409, title: 'Another upload is in progress' },
  idempotency_in_progress: { status: 409, title: 'The same request is still running' },
  conflict: { status: 409, title: 'Conflict' },
  body_too_large: { status: 413, title: 'Body too large' },
  address_too_long: { status: 414, title: 'Address too long' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  expectation_failed: { status: 417, title: 'Expectation failed' },
  file_unusable: { status: 422, title: 'File cannot be used' },
  too_many_recipients: { status: 422, title: 'Too many recipients' },
  template_not_usable: { status: 422, title: 'Template cannot be sent' },
  invalid_parameters: { status: 422, title: 'Invalid template parameters' },
  invalid_phone_number: { status: 422, title: 'Invalid phone number' },
  recipient_suppressed: { status: 422, title: 'Recipient has opted out' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key reused' },
  message_refused: { status: 422, title: 'Meta refused the message' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'Headers too large' },
  internal_error: { status: 500, title: 'Internal error' },
  meta_unreachable: { status: 502, title: 'Meta cannot be reached' },
  webhook_not_configured: { status: 503, title: 'Webhook not configured' },
  overloaded: { status: 503, title: 'Too busy' },
  not_ready: { status: 503, title: 'Not ready' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
