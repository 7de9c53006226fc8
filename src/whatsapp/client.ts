/**
 * Meta's Cloud API over one keep-alive pool. Promises: a send is written at most once and never repeated here; every call ends
 * within its timeouts; nothing of the access token shows in an error or a reason.
 */
import { FormData } from 'undici';
import { createGraph, type MetaResult } from './graph.ts';
import { DEFAULT_TIMEOUTS, type MetaTimeouts, openPool, openSendPool } from './pool.ts';
import type { SendOutcome } from './send-outcome.ts';
import { SendRequest } from './send-request.ts';
import { asId, type JsonObject } from './wire.ts';
import {
  type Account,
  type DebugToken,
  type HealthStatus,
  type PhoneNumberInfo,
  readAccount,
  readDebugToken,
  readHealth,
  readPhoneNumber,
  readSubscribedApps,
  type SubscribedApp,
} from './wire-reads.ts';

export interface MetaClientOptions {
  /** Without the version; a path in front of it is kept (a proxy, say). */
  readonly baseUrl: string;
  /** Like `v25.0`. */
  readonly version: string;
  readonly accessToken: string;
  /** Most sends in flight at once; about rate × latency (docs/meta.md, Limits, sizing). */
  readonly connections?: number;
  readonly timeouts?: Partial<MetaTimeouts>;
}

export interface SendRequestInput {
  readonly phoneNumberId: string;
  /** The whole JSON, made by buildSendBody. */
  readonly body: string | Buffer;
  readonly route?: 'messages' | 'marketing_messages';
  readonly signal?: AbortSignal | undefined;
  /** Called at the moment the request is written to its socket; not called when it never is. */
  readonly onLeave?: (() => void) | undefined;
}

export interface MediaUpload {
  readonly bytes: Uint8Array;
  readonly filename: string;
  readonly contentType: string;
}

export interface MetaClient {
  sendTemplate(input: SendRequestInput): Promise<SendOutcome>;
  /**
   * Pages of templates as Meta gives them, ended by the last page or by one error. A cursor that expired (131059) starts the
   * list again, so a template may be seen twice: keep them by id.
   */
  templates(wabaId: string): AsyncGenerator<MetaResult<readonly JsonObject[]>>;
  template(templateId: string): Promise<MetaResult<JsonObject>>;
  phoneNumber(phoneNumberId: string): Promise<MetaResult<PhoneNumberInfo>>;
  phoneNumbers(wabaId: string): Promise<MetaResult<readonly PhoneNumberInfo[]>>;
  account(wabaId: string): Promise<MetaResult<Account>>;
  /** What pays for the messages; null where nothing does. By itself, since a version that does not know the field refuses the whole question. */
  fundingId(wabaId: string): Promise<MetaResult<string | null>>;
  /** Of a phone number, a WABA or a template (docs/meta.md, Health). */
  health(id: string): Promise<MetaResult<HealthStatus>>;
  /** Empty means that no webhook will ever arrive. */
  subscribedApps(wabaId: string): Promise<MetaResult<readonly SubscribedApp[]>>;
  subscribe(wabaId: string, override?: { readonly callbackUrl: string; readonly verifyToken: string }): Promise<MetaResult<true>>;
  debugToken(): Promise<MetaResult<DebugToken>>;
  /** The media id, good for 30 days (docs/meta.md, Media). */
  uploadMedia(phoneNumberId: string, media: MediaUpload): Promise<MetaResult<string>>;
  /** Lets what is in flight end, then closes every connection. */
  close(): Promise<void>;
}

const TEMPLATE_FIELDS =
  'id,name,language,status,category,sub_category,previous_category,correct_category,parameter_format,components,quality_score,rejected_reason,last_updated_time,message_send_ttl_seconds';
const PHONE_FIELDS =
  'id,display_phone_number,verified_name,quality_rating,status,name_status,throughput,platform_type,account_mode,whatsapp_business_manager_messaging_limit';
const ACCOUNT_FIELDS = 'id,name,currency,timezone_id,account_review_status,business_verification_status,status,country';

const QUESTIONS_AT_ONCE = 8;
const MAX_SEND_ANSWER_BYTES = 1_048_576;

export function createMetaClient(options: MetaClientOptions): MetaClient {
  const { version, accessToken, connections = 128 } = options;
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
  if (!/^[\x21-\x7e]+$/.test(accessToken))
    throw new Error('The access token is empty or holds a space or another character it cannot hold.');
  const base = new URL(options.baseUrl);
  const prefix = `${base.pathname.replace(/\/+$/, '')}/${version}`;
  const pool = openPool(base.origin, Math.min(connections, QUESTIONS_AT_ONCE), timeouts);
  const sends = openSendPool(base.origin, connections, timeouts);
  const authorization = `Bearer ${accessToken}`;
  const sendHeaders = ['authorization', authorization, 'content-type', 'application/json'];
  const limits = { maxBodyBytes: MAX_SEND_ANSWER_BYTES, answerMs: timeouts.headersMs + timeouts.bodyMs };
  const watchSignal = createSignalWatch();
  let closed = false;
  const graph = createGraph({ pool, prefix, authorization, totalMs: timeouts.connectMs + limits.answerMs });

  function sendTemplate({ phoneNumberId, body, route = 'messages', signal, onLeave }: SendRequestInput): Promise<SendOutcome> {
    if (signal?.aborted === true) return Promise.resolve({ kind: 'not_sent', reason: 'aborted' });
    if (closed) return Promise.resolve({ kind: 'not_sent', reason: 'client_closed' });
    return new Promise((resolve) => {
      let unwatch: (() => void) | undefined;
      const request = new SendRequest((outcome) => {
        unwatch?.();
        resolve(outcome);
      }, limits);
      if (signal !== undefined) unwatch = watchSignal(signal, request);
      sends.dispatch(
        { path: `${prefix}/${encodeURIComponent(phoneNumberId)}/${route}`, method: 'POST', headers: sendHeaders, body },
        (freed) => {
          request.tell({ onLeave, onOver: freed });
          return request;
        },
      );
    });
  }

  async function phoneNumbers(wabaId: string): Promise<MetaResult<readonly PhoneNumberInfo[]>> {
    const found: PhoneNumberInfo[] = [];
    for await (const page of graph.pages(`${id(wabaId)}/phone_numbers`, PHONE_FIELDS)) {
      if (!page.ok) return page;
      found.push(...page.value.flatMap((item) => readPhoneNumber(item) ?? []));
    }
    return { ok: true, value: found };
  }

  function uploadMedia(phoneNumberId: string, { bytes, filename, contentType }: MediaUpload): Promise<MetaResult<string>> {
    const body = new FormData();
    body.set('messaging_product', 'whatsapp');
    body.set('type', contentType);
    body.set('file', new File([new Uint8Array(bytes)], filename, { type: contentType }));
    return graph.call({ path: `${id(phoneNumberId)}/media`, method: 'POST', body }, (json) => asId(json['id']));
  }

  return {
    sendTemplate,
    templates: (wabaId) => graph.pages(`${id(wabaId)}/message_templates`, TEMPLATE_FIELDS),
    template: (templateId) => graph.call({ path: id(templateId), query: { fields: TEMPLATE_FIELDS } }, (json) => json),
    phoneNumber: (phoneNumberId) => graph.call({ path: id(phoneNumberId), query: { fields: PHONE_FIELDS } }, readPhoneNumber),
    phoneNumbers,
    account: (wabaId) => graph.call({ path: id(wabaId), query: { fields: ACCOUNT_FIELDS } }, readAccount),
    fundingId: (wabaId) =>
      graph.call(
        { path: id(wabaId), query: { fields: 'primary_funding_id' } },
        (json) => asId(json['primary_funding_id']) ?? null,
      ),
    health: (objectId) => graph.call({ path: id(objectId), query: { fields: 'health_status' } }, readHealth),
    subscribedApps: (wabaId) => graph.call({ path: `${id(wabaId)}/subscribed_apps` }, readSubscribedApps),
    subscribe: (wabaId, override) =>
      graph.call({ path: `${id(wabaId)}/subscribed_apps`, method: 'POST', body: subscriptionBody(override) }, (json) =>
        json['success'] === true ? true : undefined,
      ),
    debugToken: () => graph.call({ path: 'debug_token', query: { input_token: accessToken } }, readDebugToken),
    uploadMedia,
    close: async () => {
      closed = true;
      await Promise.all([sends.close(), pool.close()]);
    },
  };
}

function subscriptionBody(override: { readonly callbackUrl: string; readonly verifyToken: string } | undefined): string {
  if (override === undefined) return '{}';
  return JSON.stringify({ override_callback_uri: override.callbackUrl, verify_token: override.verifyToken });
}

function id(value: string): string {
  return encodeURIComponent(value);
}

/** One listener per signal instead of one per send: a worker passes the same signal to thousands. */
function createSignalWatch(): (signal: AbortSignal, request: SendRequest) => () => void {
  const watched = new WeakMap<AbortSignal, Set<SendRequest>>();
  return (signal, request) => {
    let requests = watched.get(signal);
    if (requests === undefined) {
      const all = new Set<SendRequest>();
      requests = all;
      watched.set(signal, all);
      signal.addEventListener(
        'abort',
        () => {
          for (const open of [...all]) open.abort('aborted');
        },
        { once: true },
      );
    }
    requests.add(request);
    const mine = requests;
    return () => mine.delete(request);
  };
}
