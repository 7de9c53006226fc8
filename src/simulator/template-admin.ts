import { templateStatusEvent } from './events.ts';
import { type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject } from './json.ts';
import { type Template, type TemplateComponent, variablesOf } from './templates.ts';
import type { World } from './world.ts';

const CATEGORIES = new Set(['MARKETING', 'UTILITY', 'AUTHENTICATION']);

/** `POST /{waba}/message_templates` (docs/meta.md, Templates): checked, PENDING, then decided like Meta's review, with its webhook. */
export function createTemplate(world: World, body: JsonObject): JsonObject | Refusal {
  const { name, language, category, components, parameter_format: format } = body as Record<string, unknown>;
  if (typeof name !== 'string' || !/^[a-z0-9_]{1,512}$/.test(name))
    return refuse(100, undefined, {
      message: '(#100) Param name must be lower-case letters, digits and underscores, at most 512.',
    });
  if (typeof language !== 'string' || language === '')
    return refuse(100, undefined, { message: '(#100) The parameter language is required.' });
  if (typeof category !== 'string' || !CATEGORIES.has(category.toUpperCase()))
    return refuse(100, undefined, { message: '(#100) Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}.' });
  if (world.templates.find(name, language) !== undefined)
    return refuse(100, undefined, { subcode: 2388023, message: 'Message template name and language already exist.' });
  const named = typeof format === 'string' && format.toUpperCase() === 'NAMED';
  const checked = checkComponents(components, category.toUpperCase());
  if ('code' in checked) return checked;
  const now = Date.now();
  const template: Template = {
    id: world.templates.nextId(),
    name,
    language,
    status: 'PENDING',
    category: category.toUpperCase(),
    sub_category: 'CUSTOM',
    parameter_format: named ? 'NAMED' : 'POSITIONAL',
    components: checked.components,
    quality_score: { score: 'UNKNOWN', date: Math.floor(now / 1000) },
    rejected_reason: 'NONE',
    last_updated_time: new Date(now).toISOString().replace(/\.\d+Z$/, '+0000'),
    ...(typeof body['message_send_ttl_seconds'] === 'number'
      ? { message_send_ttl_seconds: body['message_send_ttl_seconds'] }
      : {}),
  };
  world.templates.put(template);
  world.save();
  review(world, template.id);
  return { id: template.id, status: template.status, category: template.category };
}

function review(world: World, id: string): void {
  const { decision, after_ms } = world.config.template_review;
  if (decision === 'PENDING') return;
  world.later(after_ms, () => {
    const template = world.templates.byId(id);
    if (template?.status !== 'PENDING') return;
    const decided: Template = {
      ...template,
      status: decision,
      rejected_reason: decision === 'REJECTED' ? 'INVALID_FORMAT' : 'NONE',
    };
    world.templates.put(decided);
    world.save();
    templateStatusEvent(world, decided, decision);
  });
}

function checkComponents(components: unknown, category: string): { components: TemplateComponent[] } | Refusal {
  if (
    !Array.isArray(components) ||
    !components.every((part): part is TemplateComponent => isObject(part) && typeof part['type'] === 'string')
  )
    return refuse(100, undefined, { message: '(#100) The parameter components is required.' });
  const list = components.map((part) => ({ ...part, type: part.type.toUpperCase() }));
  const body = list.find((part) => part.type === 'BODY');
  if (body === undefined)
    return refuse(100, undefined, { subcode: 2388072, message: 'Message template "components" param is missing expected BODY.' });
  if (category === 'AUTHENTICATION') return { components: list.map((part) => authenticationPart(part)) };
  const fault = bodyFault(body.text ?? '') ?? buttonsFault(list.find((part) => part.type === 'BUTTONS'));
  return fault ?? { components: list };
}

function bodyFault(text: string): Refusal | undefined {
  if (text === '' || text.length > 1024)
    return refuse(100, undefined, { subcode: 2388040, message: 'The body must have between 1 and 1024 characters.' });
  if (/^\s*\{\{/.test(text) || /\}\}\s*$/.test(text))
    return refuse(100, undefined, { subcode: 2388299, message: 'Variables cannot be at the start or end of the template.' });
  if (text.split(/\s+/).length < variablesOf(text).length * 2 + 1)
    return refuse(100, undefined, { subcode: 2388293, message: 'This template has too many variables for its length.' });
  return undefined;
}

function buttonsFault(part: TemplateComponent | undefined): Refusal | undefined {
  const buttons = part?.buttons ?? [];
  const count = (type: string): number => buttons.filter((button) => button.type.toUpperCase() === type).length;
  const tooMany = buttons.length > 10 || count('URL') > 2 || count('PHONE_NUMBER') > 1 || count('COPY_CODE') > 1;
  if (tooMany) return refuse(100, undefined, { message: '(#100) At most 10 buttons: 2 URL, 1 phone number, 1 copy code.' });
  return buttons.some((button) => (button.text ?? '').length > 25)
    ? refuse(100, undefined, { message: '(#100) A button label has at most 25 characters.' })
    : undefined;
}

/** Authentication templates come without texts; Meta writes them, and the OTP button is kept as a URL button. */
function authenticationPart(part: TemplateComponent): TemplateComponent {
  if (part.type === 'BODY') return { ...part, text: '*{{1}}* is your verification code.' };
  if (part.type === 'FOOTER' && part.text === undefined)
    return { ...part, text: `This code expires in ${String(Number(part['code_expiration_minutes'] ?? 10))} minutes.` };
  if (part.type !== 'BUTTONS') return part;
  return {
    ...part,
    buttons: (part.buttons ?? []).map((button) =>
      button.type.toUpperCase() === 'OTP'
        ? { ...button, type: 'URL', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}' }
        : button,
    ),
  };
}

/** `POST /{template}`: an approved one once a day (docs/meta.md, Templates), and it goes back to review. */
export function editTemplate(world: World, template: Template, body: JsonObject): JsonObject | Refusal {
  const edited = template['last_edit'];
  if (template.status === 'APPROVED' && typeof edited === 'number' && Date.now() - edited < 24 * 3600_000)
    return refuse(100, undefined, { subcode: 2388039, message: 'An approved template can be edited once in 24 hours.' });
  if (template.status === 'PENDING' || template.status === 'DISABLED')
    return refuse(100, undefined, { subcode: 2388039, message: `A template that is ${template.status} cannot be edited.` });
  const category = typeof body['category'] === 'string' ? body['category'].toUpperCase() : template.category;
  const checked =
    body['components'] === undefined ? { components: template.components } : checkComponents(body['components'], category);
  if ('code' in checked) return checked;
  world.templates.put({ ...template, components: checked.components, category, status: 'PENDING', last_edit: Date.now() });
  world.save();
  review(world, template.id);
  return { success: true };
}

export function deleteTemplates(world: World, query: URLSearchParams, body: JsonObject): JsonObject | Refusal {
  const text = (key: string): string | undefined => query.get(key) ?? (typeof body[key] === 'string' ? body[key] : undefined);
  const name = text('name');
  const id = text('hsm_id');
  if (name === undefined) return refuse(100, undefined, { message: '(#100) The parameter name is required.' });
  const chosen = world.templates.byName(name).filter((template) => id === undefined || template.id === id);
  if (chosen.length === 0)
    return refuse(100, undefined, {
      subcode: 2593002,
      message: 'Message Template Not Found',
      details: `Template ${name} was not found.`,
    });
  for (const template of chosen) {
    world.templates.remove(template);
    templateStatusEvent(world, template, 'PENDING_DELETION');
  }
  world.save();
  return { success: true };
}

/** Needed after a pacing pause; ordinary pauses lift by themselves. */
export function unpauseTemplate(world: World, template: Template): JsonObject | Refusal {
  if (template.status !== 'PAUSED') return refuse(100, undefined, { subcode: 2388039, message: 'The template is not paused.' });
  world.templates.put({ ...template, status: 'APPROVED' });
  world.pacing.delete(template.id);
  world.save();
  templateStatusEvent(world, template, 'APPROVED', { title: 'UNPAUSE', description: 'The template may be sent again.' });
  return { success: true };
}
