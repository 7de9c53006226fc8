/**
 * What one POST to Meta came to. Outcomes are values; exceptions are for bugs.
 *
 * The line that matters runs between "Meta surely did not take it" (`rejected`, `not_sent`) and "we cannot know" (`unknown`):
 * only the former may ever be sent again without a person's word (docs/guarantees.md, Unknown).
 */
export type SendOutcome =
  /** HTTP 200 with a wamid. `held`: Meta keeps it back for a quality check (docs/meta.md, The answer). */
  | { readonly kind: 'accepted'; readonly wamid: string; readonly held: boolean; readonly waId?: string }
  /** A readable Graph error, or a bare 429: it did not go out. */
  | { readonly kind: 'rejected'; readonly error: MetaError }
  /** Failed in DNS, connect or TLS: no byte was written. */
  | { readonly kind: 'not_sent'; readonly reason: string }
  /** Timeout, reset, or an answer nobody can read: it may have gone out. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A Graph error as Meta gave it (docs/meta.md, Errors), from a response or from a `failed` status. */
export interface MetaError {
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
  readonly details?: string;
  readonly fbtraceId?: string;
  readonly isTransient?: boolean;
  readonly httpStatus?: number;
  /** How long Meta asks to wait: Retry-After, or the estimate in X-Business-Use-Case-Usage (docs/meta.md, Limits). */
  readonly retryAfterSeconds?: number;
}
