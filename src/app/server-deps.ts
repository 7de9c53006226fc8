import type { Readable } from 'node:stream';
import type { Registry } from 'prom-client';
import type { AccessDeps } from '../auth/deps.ts';
import type { CampaignDeps } from '../campaigns/deps.ts';
import type { TestSendInput, TestSendResult } from '../campaigns/send-test.ts';
import type { Db } from '../lib/db/db.ts';
import type { Actor } from '../lib/http/actor.ts';
import type { Limits } from '../lib/http/body-limits.ts';
import type { Logger } from '../lib/log.ts';
import type { RunMode } from '../lifecycle/campaign.ts';
import type { Answers } from '../recipients/draft.ts';
import type { Mend } from '../recipients/draft-rows.sql.ts';
import type { ImportReport } from '../recipients/import-recipients.ts';
import type { DraftDeps } from '../recipients/read-draft.ts';
import type { Removal } from '../recipients/remove-upload.sql.ts';
import type { RemovedUpload } from '../recipients/remove-upload.ts';

/** All the HTTP door needs; built in app.ts. */
export interface ServerDeps {
  readonly db: Db;
  readonly log: Logger;
  readonly appName: string;
  readonly version: string;
  readonly mode: RunMode;
  /** PUBLIC_URL. */
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
  readonly corsOrigins: readonly string[];
  readonly defaultCountry: string | undefined;
  readonly access: AccessDeps;
  readonly campaigns: CampaignDeps;
  /** UNKNOWN_GRACE_MINUTES. */
  readonly unknownGraceMinutes: number;
  readonly recipients: RecipientVerbs;
  readonly drafts: DraftDeps;
  readonly templates: TemplateVerbs;
  readonly webhook: WebhookVerbs;
  /** There are webhooks to apply. */
  readonly wakeApply: () => void;
  readonly events: LiveEvents;
  readonly metrics: Registry;
  /** Where they differ from LIMITS. */
  readonly limits?: Partial<Limits>;
  /** The embedded database as one archive; undefined where the database is a server's. */
  readonly backup: (() => Promise<Readable>) | undefined;
  /** While it is not, nothing is sent; undefined where there is none. */
  readonly isRedisThere: (() => boolean) | undefined;
  /** What only the running process knows: its pace, its queue. Shown as it is in GET /api/v1/status. */
  readonly live: () => Promise<LiveFacts>;
}

export interface WebhookVerbs {
  /** The challenge to give back, or undefined when the word is wrong. */
  readonly verify: (query: Readonly<Record<string, unknown>>) => string | undefined;
  /** Verifies the raw bytes and stores them durably; only then may the 200 go out. Throws Problem('webhook_not_configured') without a secret. */
  readonly receive: (body: Buffer, signature: string | undefined) => Promise<'stored' | 'bad_signature'>;
}

export interface UploadRequest {
  readonly campaignId: number;
  readonly stream: Readable;
  readonly filename: string | null;
  /** A dry run that becomes the list, as it was corrected. */
  readonly draft?: { readonly uploadId: number; readonly mends: readonly Mend[] };
  /** How the file is to be read, where that is not left to the program. */
  readonly answers: Answers;
  readonly signal: AbortSignal;
}

export interface RecipientVerbs {
  readonly upload: (request: UploadRequest, actor: Actor) => Promise<ImportReport>;
  /** Takes the people of one upload off the list; only while nothing has been sent. */
  readonly remove: (removal: Removal, actor: Actor) => Promise<RemovedUpload>;
}

/** Pulled, so that a slow browser gets fewer and newer states instead of a longer and longer queue. */
export interface LiveEvents {
  /** First the whole state, then each change, coalesced; ends when `signal` aborts. `campaignId` undefined = all campaigns. */
  readonly subscribe: (request: {
    readonly campaignId: number | undefined;
    readonly lastEventId: string | undefined;
    readonly signal: AbortSignal;
  }) => AsyncIterable<LiveEvent>;
}

export interface LiveEvent {
  readonly id?: string | undefined;
  readonly data: unknown;
}

export interface TemplateVerbs {
  readonly sync: () => Promise<{ readonly templates: number }>;
  readonly sendTest: (input: TestSendInput, actor: Actor) => Promise<TestSendResult>;
}

export interface LiveFacts {
  readonly pace: { readonly messages_per_second: number; readonly ceiling: number; readonly slowed_until: string | null } | null;
  readonly queue: Readonly<Record<string, unknown>>;
}
