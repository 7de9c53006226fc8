import type { IncomingMessage, ServerResponse } from 'node:http';
import { displayDigits, levelRate, type PhoneNumber } from './account.ts';
import { answerJson, answerRefusal, reset, usageHeader } from './answer.ts';
import type { FaultAction } from './faults.ts';
import { checkFreeForm } from './free-form.ts';
import { type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import type { Label } from './ledger.ts';
import { type Exchange, MAGIC_EXCHANGES, magicSuffix, planOf } from './outcomes.ts';
import { countForPacing } from './pacing.ts';
import { userId } from './payloads.ts';
import { digitsOf, quirkyWaId } from './phone.ts';
import { between, hashText } from './random.ts';
import { compileTemplate } from './template-check.ts';
import { type Template } from './templates.ts';
import { wamidOf } from './wire.ts';
import type { CompiledTemplate, World } from './world.ts';

export interface SendRequest {
  readonly number: PhoneNumber;
  readonly route: 'messages' | 'marketing_messages';
  readonly version: number;
  readonly body: string;
}

/** What a send is before it is taken: who, what, and what will surely go wrong later. */
interface Checked {
  readonly label: Label;
  readonly media: readonly JsonObject[];
  readonly template: Template | undefined;
}

interface Person {
  readonly to: string;
  readonly digits: string;
  readonly wa: number;
  readonly bsuid: boolean;
}

/**
 * One send. Refusals in Meta's order; then the message is in the ledger (and on disk) before anything is answered, so that a
 * hang or reset after accepting is exactly that: Meta has it and the sender does not know.
 */
export function handleSend(world: World, req: IncomingMessage, res: ServerResponse, request: SendRequest): void {
  const refused = (refusal: Refusal): void => {
    afterLatency(world, 0, () => {
      answerRefusal(world, res, refusal);
    });
  };
  const message = parseJson(request.body);
  if (!isObject(message)) {
    refused(refuse(100, undefined, { message: '(#100) The request body is not a valid JSON object.' }));
    return;
  }
  if (message['status'] === 'read' && typeof message['message_id'] === 'string') {
    answerJson(res, 200, '{"success":true}');
    return;
  }
  const person = envelope(world, request, message);
  if ('code' in person) {
    refused(person);
    return;
  }
  const templateName = isObject(message['template']) ? message['template']['name'] : undefined;
  const fault = world.faults.empty
    ? undefined
    : world.faults.match(person.digits, typeof templateName === 'string' ? templateName : undefined, request.number.id);
  const exchange = exchangeOf(world, person, fault?.action);
  const delay = (fault?.delayMs ?? 0) + (exchange?.kind === 'slow' ? exchange.ms : 0);
  if (exchange !== undefined && interrupts(world, req, res, person.digits, exchange, delay)) return;
  const checked = accountFault(world, request) ?? check(world, request, message);
  const refusal = 'code' in checked ? checked : limitFault(world, request, person);
  if (refusal !== undefined) {
    afterLatency(world, delay, () => {
      answerRefusal(world, res, refusal);
    });
    return;
  }
  if (!('code' in checked)) accept(world, req, res, request, message, person, checked, exchange, delay);
}

function envelope(world: World, request: SendRequest, message: JsonObject): Person | Refusal {
  if (message['messaging_product'] !== 'whatsapp')
    return refuse(100, undefined, {
      message:
        message['messaging_product'] === undefined
          ? '(#100) The parameter messaging_product is required.'
          : `(#100) Param messaging_product must be one of {WHATSAPP} - got ${JSON.stringify(message['messaging_product'])}.`,
    });
  const callback = message['biz_opaque_callback_data'];
  if (callback !== undefined && (typeof callback !== 'string' || callback.length > 512))
    return refuse(100, undefined, {
      message: '(#100) Param biz_opaque_callback_data must be a string of at most 512 characters.',
    });
  const to = message['to'];
  if (typeof to === 'string' && to !== '') return personOf(world, request, to);
  const recipient = message['recipient'];
  if (typeof recipient === 'string' && /^[A-Z]{2}\.[0-9A-Za-z.]{1,130}$/.test(recipient))
    return { to: recipient, digits: recipient, wa: 9e15 + hashText(recipient), bsuid: true };
  if (to !== undefined && typeof to !== 'string') return refuse(100, undefined, { message: '(#100) Param to must be a string.' });
  return refuse(100, undefined, { message: '(#100) The parameter to is required.' });
}

function personOf(world: World, request: SendRequest, to: string): Person | Refusal {
  const own = displayDigits(request.number);
  const digits = digitsOf(to, own);
  if (digits === undefined) return refuse(131009, 'Recipient phone number is not a valid phone number.');
  if (digits === own) return refuse(131021);
  const allowed = request.number.allow_list;
  if (allowed !== null && !allowed.includes(digits)) return refuse(131030);
  return { to, digits, wa: Number(world.config.wa_id_quirks ? quirkyWaId(digits) : digits), bsuid: false };
}

/** A fault rule, else the number's own magic, else the mix. */
function exchangeOf(
  world: World,
  person: Person,
  action: FaultAction | undefined,
): Exchange | { readonly kind: 'answer'; readonly refusal: Refusal } | undefined {
  if (action !== undefined) {
    if (action.kind === 'answer') return action;
    if (action.kind === 'hang') return action.when === 'after' ? { kind: 'hang' } : { kind: 'answer', refusal: HANG_BEFORE };
    return action.kind === 'reset' ? action : undefined;
  }
  if (world.config.magic_numbers) {
    const suffix = magicSuffix(person.digits);
    const magic = suffix === undefined ? undefined : MAGIC_EXCHANGES[suffix];
    if (magic !== undefined) return magic;
  }
  for (const code in world.config.http_errors)
    if (world.random() < (world.config.http_errors[code] ?? 0)) return { kind: 'refuse', code: Number(code) };
  return undefined;
}

const HANG_BEFORE: Refusal = { status: 0, code: -1, message: '', type: '' };

/** The exchanges that end before the message is taken. */
function interrupts(
  world: World,
  req: IncomingMessage,
  res: ServerResponse,
  digits: string,
  exchange: Exchange | { readonly kind: 'answer'; readonly refusal: Refusal },
  delay: number,
): boolean {
  const refused = (refusal: Refusal): true => {
    afterLatency(world, delay, () => {
      answerRefusal(world, res, refusal);
    });
    return true;
  };
  switch (exchange.kind) {
    case 'answer':
      return exchange.refusal === HANG_BEFORE ? true : refused(exchange.refusal);
    case 'refuse': {
      if (exchange.once !== true) return refused(refuse(exchange.code));
      const key = `${digits} ${String(exchange.code)}`;
      if (world.refusedOnce.has(key)) return false;
      world.refusedOnce.add(key);
      return refused(refuse(exchange.code));
    }
    case 'html':
      return refused({
        status: exchange.status,
        code: 0,
        message: '',
        type: '',
        body: {
          contentType: 'text/html; charset=utf-8',
          text: '<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Service Unavailable</h1></body></html>',
        },
      });
    case 'empty':
      return refused({ status: exchange.status, code: 0, message: '', type: '', body: { contentType: 'text/plain', text: '' } });
    case 'reset':
      if (exchange.when === 'after') return false;
      reset(req);
      return true;
    default:
      return false;
  }
}

function accountFault(world: World, request: SendRequest): Refusal | undefined {
  const { waba } = world.account;
  const { number } = request;
  const now = Date.now();
  if (number.maintenance_until > now) return refuse(131057);
  const block = waba.send_block;
  if (block !== null && (block.until === null || block.until > now)) return refuse(block.code);
  if (number.status === 'CONNECTED') return undefined;
  if (number.status === 'BANNED' || number.status === 'RESTRICTED') return refuse(131031);
  return number.status === 'FLAGGED' || number.status === 'RATE_LIMITED' ? undefined : refuse(133010);
}

function check(world: World, request: SendRequest, message: JsonObject): Checked | Refusal {
  const type = message['type'] ?? 'text';
  if (typeof type !== 'string') return refuse(100, undefined, { message: '(#100) Param type must be a string.' });
  if (type === 'template') return checkTemplate(world, request, message['template'], message['to'] === undefined);
  if (request.route === 'marketing_messages') return refuse(131055);
  const media: JsonObject[] = [];
  return (
    checkFreeForm(type, message, media) ?? {
      label: { name: type, language: '', category: 'service', kind: 'free' },
      media,
      template: undefined,
    }
  );
}

function checkTemplate(world: World, request: SendRequest, sent: unknown, byUserId: boolean): Checked | Refusal {
  if (!isObject(sent)) return refuse(131008, 'Missing parameter: template');
  const name = sent['name'];
  const language = isObject(sent['language']) ? sent['language']['code'] : undefined;
  if (typeof name !== 'string' || name === '')
    return refuse(100, undefined, { message: "(#100) Param template['name'] is required." });
  if (typeof language !== 'string' || language === '')
    return refuse(100, undefined, { message: "(#100) Param template['language'] is required." });
  const template = world.templates.find(name, language);
  const unfit =
    template === undefined
      ? refuse(132001, `template name (${name}) does not exist in ${language}`)
      : templateFault(world, request, template, byUserId);
  if (unfit !== undefined || template === undefined) return unfit ?? refuse(132001);
  const compiled = compiledOf(world, template);
  const media: JsonObject[] = [];
  const fault = compiled.check(sent['components'], request.version, media);
  return fault ?? { label: request.route === 'messages' ? compiled.label : compiled.labelMarketing, media, template };
}

function compiledOf(world: World, template: Template): CompiledTemplate {
  let compiled = world.compiled.get(template);
  if (compiled === undefined) {
    const label = {
      name: template.name,
      language: template.language,
      category: template.category.toLowerCase(),
      kind: 'template',
    } as const;
    compiled = { check: compileTemplate(template), label, labelMarketing: { ...label, category: 'marketing_lite' } };
    world.compiled.set(template, compiled);
  }
  return compiled;
}

function templateFault(world: World, request: SendRequest, template: Template, byUserId: boolean): Refusal | undefined {
  const { name, language, status, category } = template;
  if (status === 'PAUSED') return refuse(132015);
  if (status === 'DISABLED') return refuse(132016);
  const capped = world.account.waba.utility_block;
  if (category === 'UTILITY' && capped !== null && capped.until > Date.now()) return refuse(capped.code);
  if (status !== 'APPROVED') return refuse(132001, `template name (${name}) is not approved in ${language}`);
  if (request.route === 'marketing_messages') {
    if (category !== 'MARKETING') return refuse(134100);
    if (world.account.waba.marketing_messages_onboarding_status !== 'ONBOARDED') return refuse(134102);
  } else if (category === 'MARKETING' && world.account.waba.marketing_disabled) return refuse(131063);
  return byUserId && category === 'AUTHENTICATION' ? refuse(131062) : undefined;
}

function limitFault(world: World, request: SendRequest, person: Person): Refusal | undefined {
  const now = Date.now();
  const number = numberIndex(world, request.number.id);
  if (!world.limits.takeThroughput(world.config, number, levelRate(request.number), now)) return refuse(130429);
  const id = world.limits.person(person.wa);
  if (!world.limits.takePair(world.config, number, id, now)) return refuse(131056);
  return world.limits.takePortfolio(world.config, id, now) ? undefined : refuse(world.config.portfolio.code);
}

/** What will fail after acceptance, whatever the mix says. */
function forcedFailure(world: World, person: Person, checked: Checked): number | undefined {
  const now = Date.now();
  for (const media of checked.media) {
    const { id, link } = media;
    if ((typeof id === 'string' || typeof id === 'number') && world.media.find(String(id), now) === undefined) return 131053;
    if (id === undefined && typeof link === 'string' && !/^https?:\/\/[^/]+\.[^/]+/i.test(link)) return 131053;
    if (typeof link === 'string' && /^https?:\/\/[^/]*\.invalid([/:]|$)/i.test(link)) return 131053;
  }
  if (
    checked.template === undefined &&
    world.config.service_window &&
    !world.limits.windowOpen(world.limits.person(person.wa), now)
  )
    return 131047;
  return undefined;
}

function accept(
  world: World,
  req: IncomingMessage,
  res: ServerResponse,
  request: SendRequest,
  message: JsonObject,
  person: Person,
  checked: Checked,
  exchange: ReturnType<typeof exchangeOf>,
  delay: number,
): void {
  const { ledger, webhooks } = world;
  const label = labelIndex(world, checked.label);
  const held = checked.template !== undefined && countForPacing(world, checked.template, label);
  const row = ledger.length;
  const plan = planOf(world.config, world.seed, row, person.digits, forcedFailure(world, person, checked));
  const callback = message['biz_opaque_callback_data'];
  ledger.accept({
    at: Date.now(),
    number: numberIndex(world, request.number.id),
    to: person.to,
    wa: person.wa,
    label,
    callback: typeof callback === 'string' ? callback : undefined,
    plan,
    held,
  });
  const wamid = wamidOf(String(person.wa), world.run, row);
  const body = successBody(
    world,
    person,
    wamid,
    checked.template === undefined ? undefined : held ? 'held_for_quality_assessment' : 'accepted',
  );
  const answer = (): void => {
    if (exchange?.kind === 'hang') return;
    afterLatency(world, delay, () => {
      if (exchange?.kind === 'reset') reset(req);
      else if (exchange?.kind === 'garbled') answerJson(res, 200, '{"messaging_product":"whatsapp","contacts":[{"inp');
      else answerJson(res, 200, body, usageHeader(world));
    });
  };
  const spread = (): void => {
    if (held) answer();
    else if (plan.beforeResponse) webhooks.scheduleFirst(row, answer);
    else {
      webhooks.schedule(row);
      answer();
    }
  };
  if (world.journal === undefined) world.endOfTurn(spread);
  else world.journal.append(ledger.line(row), spread);
}

function successBody(world: World, person: Person, wamid: string, status: string | undefined): string {
  const wa = String(person.wa);
  const contact = person.bsuid
    ? `"user_id":"${person.to}"`
    : `"input":${JSON.stringify(person.to)},"wa_id":"${wa}"${world.config.user_ids ? `,"user_id":"${userId(person.wa)}"` : ''}`;
  const state = status === undefined ? '' : `,"message_status":"${status}"`;
  return `{"messaging_product":"whatsapp","contacts":[{${contact}}],"messages":[{"id":"${wamid}"${state}}]}`;
}

/** Known labels and numbers are noted in the journal before the first line that uses them. */
export function labelIndex(world: World, label: Label): number {
  const known = world.ledger.labels.length;
  const index = world.ledger.labelIndex(label);
  if (index === known) world.journal?.append(`L\t${JSON.stringify(label)}`);
  return index;
}

function numberIndex(world: World, id: string): number {
  const known = world.ledger.numbers.length;
  const index = world.ledger.numberIndex(id);
  if (index === known) world.journal?.append(`N\t${id}`);
  return index;
}

function afterLatency(world: World, extra: number, then: () => void): void {
  const { min_ms, max_ms } = world.config.latency;
  const wait = extra + (max_ms > 0 ? between(world.random, min_ms, max_ms) : 0);
  if (wait > 0) world.later(wait, then);
  else then();
}
