import type { IncomingMessage, ServerResponse } from 'node:http';
import { APP_ID, type PhoneNumber, type Waba } from './account.ts';
import { answerFailure, answerJson, answerRefusal, usageHeader } from './answer.ts';
import { tokenFault, tokenOf, versionOf } from './auth.ts';
import { type Refusal, refuse, unknownObject } from './graph-error.ts';
import { healthOf } from './health.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { parseMultipart } from './media.ts';
import { createTemplate, deleteTemplates, editTemplate, unpauseTemplate } from './template-admin.ts';
import { isRefusal, pick, type Template } from './templates.ts';
import { verifyCallback } from './verify.ts';
import { findNumber, type World } from './world.ts';

/** One call to a management endpoint, its path already without the version. */
export interface GraphCall {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly raw: Buffer;
  readonly contentType: string;
  readonly base: string;
}

type Result = JsonObject | Refusal;

const NUMBER_FIELDS = [
  'verified_name',
  'code_verification_status',
  'display_phone_number',
  'quality_rating',
  'platform_type',
  'throughput',
  'webhook_configuration',
  'id',
];
const WABA_FIELDS = ['id', 'name', 'timezone_id', 'message_template_namespace'];
const LIST_FIELDS = [...NUMBER_FIELDS, 'status', 'name_status', 'account_mode', 'is_official_business_account'];

/** Everything of Graph but sending. */
export function handleGraph(
  world: World,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
  query: string,
  raw: Buffer,
): void {
  const segments = path.split('/').filter((segment) => segment !== '');
  const version = versionOf(segments[0] ?? '');
  if (typeof version === 'object') {
    answerRefusal(world, res, version);
    return;
  }
  if (version !== undefined) segments.shift();
  const call: GraphCall = {
    method: req.method ?? 'GET',
    segments,
    query: new URLSearchParams(query),
    body: bodyOf(req, raw),
    raw,
    contentType: req.headers['content-type'] ?? '',
    base: `${world.url()}${path}`,
  };
  const refusal = tokenFault(world.config, tokenOf(req, query)) ?? callLimit(world);
  if (refusal !== undefined) {
    answerRefusal(world, res, refusal);
    return;
  }
  if (segments[0] === '_media' && segments[1] !== undefined) {
    download(world, res, segments[1]);
    return;
  }
  // Inside the chain, so that what is thrown at once is caught as well.
  void Promise.resolve(call)
    .then((asked) => route(world, asked))
    .then((result) => {
      if (isFault(result)) answerRefusal(world, res, result);
      else answerJson(res, 200, JSON.stringify(result), usageHeader(world));
    })
    .catch((error: unknown) => {
      answerFailure(world, res, error);
    });
}

function isFault(result: Result): result is Refusal {
  return typeof result['status'] === 'number' && typeof result['code'] === 'number';
}

function bodyOf(req: IncomingMessage, raw: Buffer): JsonObject {
  const type = req.headers['content-type'] ?? '';
  if (raw.length === 0 || type.startsWith('multipart/')) return {};
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(raw.toString('utf8')));
  const parsed = parseJson(raw.toString('utf8'));
  return isObject(parsed) ? parsed : {};
}

/** Calls an hour of the management API (docs/meta.md, Limits). */
function callLimit(world: World): Refusal | undefined {
  const now = Date.now();
  if (now - world.counts.managementHour >= 3600_000) {
    world.counts.managementHour = now;
    world.counts.managementCalls = 0;
  }
  world.counts.managementCalls += 1;
  return world.counts.managementCalls > world.config.management_calls_per_hour ? refuse(80007) : undefined;
}

function route(world: World, call: GraphCall): Result | Promise<Result> {
  const [id = '', edge, extra] = call.segments;
  if (extra !== undefined) return unknownPath(call);
  // Refused by every version since 27 October 2026.
  const gone = ['ids', 'date_format'].find((name) => call.query.has(name));
  if (gone !== undefined) return refuse(100, undefined, { message: `(#100) The parameter ${gone} is no longer supported.` });
  if (id === 'debug_token') return debugToken(world, call);
  if (id === world.account.waba.id) return wabaRoute(world, call, edge);
  const number = findNumber(world, id);
  if (number !== undefined) return numberRoute(world, call, number, edge);
  const template = world.templates.byId(id);
  if (template !== undefined) return templateRoute(world, call, template, edge);
  const media = world.media.find(id, Date.now());
  if (media !== undefined && edge === undefined) return mediaRoute(world, call, id);
  if (id === 'me' && edge === undefined) return { id: APP_ID, name: 'Simulator' };
  return id === '' ? unknownPath(call) : unknownObject(id, call.method);
}

function unknownPath(call: GraphCall): Refusal {
  return refuse(2500, undefined, { status: 400, message: `Unknown path components: /${call.segments.slice(1).join('/')}` });
}

function wabaRoute(world: World, call: GraphCall, edge: string | undefined): Result | Promise<Result> {
  const { account, templates } = world;
  switch (`${call.method} ${edge ?? ''}`) {
    case 'GET ':
      return pick(
        { ...wabaView(account.waba), health_status: healthOf(world, undefined) },
        call.query.get('fields'),
        WABA_FIELDS,
      );
    case 'GET phone_numbers':
      return {
        data: account.numbers.map((number) => pick(numberView(world, number), call.query.get('fields'), LIST_FIELDS)),
        paging: pagingOf(account.numbers),
      };
    case 'GET message_templates': {
      const page = templates.list(call.query, call.base);
      return isRefusal(page) ? page : { ...page, data: page.data.map((item) => withHealth(world, item, call)) };
    }
    case 'POST message_templates':
      return createTemplate(world, call.body);
    case 'DELETE message_templates':
      return deleteTemplates(world, call.query, call.body);
    case 'GET subscribed_apps':
      return { data: account.subscribed ? [subscription(world)] : [] };
    case 'POST subscribed_apps':
      return subscribe(world, call);
    case 'DELETE subscribed_apps':
      account.subscribed = false;
      account.override = null;
      world.save();
      return { success: true };
    default:
      return unknownPath(call);
  }
}

/** Without what only the side door knows; a payment method that is missing is not named. */
function wabaView(waba: Waba): JsonObject {
  return {
    ...waba,
    send_block: undefined,
    utility_block: undefined,
    health: undefined,
    primary_funding_id: waba.primary_funding_id ?? undefined,
  };
}

function subscription(world: World): JsonObject {
  const app = { id: APP_ID, name: 'Simulator', link: `https://www.facebook.com/games/?app_id=${APP_ID}` };
  const override = world.account.override;
  return { whatsapp_business_api_data: app, ...(override === null ? {} : { override_callback_uri: override }) };
}

/** With an override Meta first asks the address for its challenge (docs/meta.md, Subscribing to webhooks). */
async function subscribe(world: World, call: GraphCall): Promise<Result> {
  const url = call.body['override_callback_uri'];
  const verifyToken = call.body['verify_token'];
  if (typeof url === 'string') {
    if (typeof verifyToken !== 'string')
      return refuse(100, undefined, { message: '(#100) The parameter verify_token is required.' });
    const fault = await verifyCallback(url, verifyToken);
    if (fault !== undefined)
      return refuse(2200, undefined, { status: 400, message: `(#2200) Callback verification failed: ${fault}` });
    world.account.override = url;
    world.account.target = { url, verifyToken, appSecret: world.account.target?.appSecret ?? '' };
  }
  world.account.subscribed = true;
  world.save();
  world.webhooks.wake();
  return { success: true };
}

function numberView(world: World, number: PhoneNumber): JsonObject {
  const application = world.account.target?.url;
  return {
    ...number,
    allow_list: undefined,
    maintenance_until: undefined,
    webhook_configuration: { ...(application === undefined ? {} : { application }), ...number.webhook_configuration },
    health_status: healthOf(world, number),
  };
}

async function numberRoute(world: World, call: GraphCall, number: PhoneNumber, edge: string | undefined): Promise<Result> {
  switch (`${call.method} ${edge ?? ''}`) {
    case 'GET ':
      return pick(numberView(world, number), call.query.get('fields'), NUMBER_FIELDS);
    case 'POST ':
      return configureNumber(world, call, number);
    case 'POST media': {
      const parts = parseMultipart(call.contentType, call.raw);
      if (parts === undefined) return refuse(100, undefined, { message: '(#100) The body must be multipart/form-data.' });
      const media = world.media.upload(parts, number.id, Date.now());
      if ('status' in media) return media;
      world.save();
      return { id: media.id };
    }
    case 'POST register':
      number.status = 'CONNECTED';
      world.save();
      return { success: true };
    case 'POST deregister':
      number.status = 'DISCONNECTED';
      world.save();
      return { success: true };
    default:
      return unknownPath(call);
  }
}

async function configureNumber(world: World, call: GraphCall, number: PhoneNumber): Promise<Result> {
  const configuration = call.body['webhook_configuration'];
  if (isObject(configuration) && typeof configuration['override_callback_uri'] === 'string') {
    const url = configuration['override_callback_uri'];
    const fault = url === '' ? undefined : await verifyCallback(url, String(configuration['verify_token']));
    if (fault !== undefined)
      return refuse(2200, undefined, { status: 400, message: `(#2200) Callback verification failed: ${fault}` });
    number.webhook_configuration = url === '' ? {} : { phone_number: url };
    world.save();
    world.webhooks.wake();
  }
  return { success: true };
}

function templateRoute(world: World, call: GraphCall, template: Template, edge: string | undefined): Result {
  switch (`${call.method} ${edge ?? ''}`) {
    case 'GET ':
      return withHealth(world, pick(template, call.query.get('fields')), call);
    case 'POST ':
      return editTemplate(world, template, call.body);
    case 'POST unpause':
      return unpauseTemplate(world, template);
    default:
      return unknownPath(call);
  }
}

function withHealth(world: World, view: JsonObject, call: GraphCall): JsonObject {
  const id = view['id'];
  if (!(call.query.get('fields') ?? '').includes('health_status') || typeof id !== 'string') return view;
  return { ...view, health_status: healthOf(world, undefined, world.templates.byId(id)) };
}

function mediaRoute(world: World, call: GraphCall, id: string): Result {
  const media = world.media.find(id, Date.now());
  if (media === undefined) return unknownObject(id, call.method);
  const owner = call.query.get('phone_number_id');
  if (owner !== null && owner !== media.phoneNumberId) return unknownObject(id, call.method);
  if (call.method === 'DELETE') {
    world.media.remove(id);
    world.save();
    return { success: true };
  }
  return {
    messaging_product: 'whatsapp',
    url: `${world.url()}/_media/${id}`,
    mime_type: media.mime,
    sha256: media.sha256,
    file_size: String(media.size),
    id,
  };
}

function download(world: World, res: ServerResponse, id: string): void {
  const media = world.media.find(id, Date.now());
  const content = media === undefined ? undefined : world.media.content(id);
  if (media === undefined || content === undefined) {
    answerRefusal(world, res, unknownObject(id, 'get'));
    return;
  }
  res.writeHead(200, { 'Content-Type': media.mime, 'Content-Length': String(content.length) });
  res.end(content);
}

function debugToken(world: World, call: GraphCall): Result {
  const token = call.query.get('input_token');
  if (token === null) return refuse(100, undefined, { message: '(#100) The parameter input_token is required.' });
  const fault = tokenFault(world.config, token);
  const valid = fault === undefined || fault.code === 200;
  return {
    data: {
      app_id: APP_ID,
      type: 'SYSTEM_USER',
      application: 'Simulator',
      data_access_expires_at: 0,
      expires_at: fault?.subcode === 463 ? Math.floor(Date.now() / 1000) - 3600 : 0,
      is_valid: valid,
      scopes: fault === undefined ? ['whatsapp_business_management', 'whatsapp_business_messaging'] : [],
      user_id: '122100000000000000',
      ...(valid
        ? {}
        : {
            error: {
              code: fault.code,
              message: fault.message,
              ...(fault.subcode === undefined ? {} : { subcode: fault.subcode }),
            },
          }),
    },
  };
}

function pagingOf(list: readonly { readonly id: string }[]): JsonObject {
  const [first, last] = [list[0], list.at(-1)];
  if (first === undefined || last === undefined) return {};
  return { cursors: { before: Buffer.from(first.id).toString('base64url'), after: Buffer.from(last.id).toString('base64url') } };
}
