import { accountEvent, templateQualityEvent, templateStatusEvent } from './events.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import { decideHeld } from './pacing.ts';
import type { Template } from './templates.ts';
import type { World } from './world.ts';

const TEMPLATE_KEYS = new Set(['status', 'quality', 'category', 'correct_category', 'held', 'reason', 'components', 'webhook']);
const TITLES: Readonly<Record<string, string>> = { PAUSED: 'FIRST_PAUSE', DISABLED: 'DISABLED', APPROVED: 'UNPAUSE' };

/**
 * `POST /_sim/templates/{id or name}`: Meta changes its mind about a template; the webhook goes out. A name means all its
 * languages. `{"webhook": false}` changes it silently, as when the event was lost.
 */
export function changeTemplate(world: World, key: string, body: unknown): JsonObject | string {
  if (!isObject(body)) return 'the body must be a JSON object';
  const unknown = Object.keys(body).find((name) => !TEMPLATE_KEYS.has(name));
  if (unknown !== undefined) return `${unknown} is not known; known: ${[...TEMPLATE_KEYS].join(', ')}`;
  const byId = world.templates.byId(key);
  const chosen = byId === undefined ? world.templates.byName(key) : [byId];
  if (chosen.length === 0) return `no template ${key}`;
  let decided = 0;
  for (const template of chosen) decided += changeOne(world, template, body);
  world.save();
  return { success: true, changed: chosen.length, ...(body['held'] === undefined ? {} : { decided }) };
}

function changeOne(world: World, template: Template, body: JsonObject): number {
  const told = body['webhook'] !== false;
  let next: Template = template;
  const status = textOf(body, 'status')?.toUpperCase();
  if (status !== undefined) {
    next = {
      ...next,
      status: status === 'REINSTATED' ? 'APPROVED' : status,
      rejected_reason: status === 'REJECTED' ? (textOf(body, 'reason') ?? 'INVALID_FORMAT') : 'NONE',
    };
    if (status === 'APPROVED') world.pacing.delete(template.id);
    const title = TITLES[status];
    if (told)
      templateStatusEvent(
        world,
        next,
        status,
        title === undefined ? undefined : { title, description: textOf(body, 'reason') ?? `The template is now ${status}.` },
      );
  }
  const quality = textOf(body, 'quality')?.toUpperCase();
  if (quality !== undefined) {
    if (told) templateQualityEvent(world, template, template.quality_score.score, quality);
    next = { ...next, quality_score: { score: quality, date: Math.floor(Date.now() / 1000) } };
  }
  const category = textOf(body, 'category')?.toUpperCase();
  if (category !== undefined && category !== template.category) {
    if (told)
      accountEvent(world, 'template_category_update', {
        ...identity(template),
        previous_category: template.category,
        new_category: category,
      });
    next = { ...next, previous_category: template.category, category };
  }
  const correct = textOf(body, 'correct_category')?.toUpperCase();
  if (correct !== undefined) {
    if (told)
      accountEvent(world, 'template_correct_category_detection', {
        ...identity(template),
        category: next.category,
        correct_category: correct,
      });
    next = { ...next, correct_category: correct };
  }
  if (Array.isArray(body['components'])) {
    next = { ...next, components: body['components'] as Template['components'] };
    const text = next.components.find((part) => part.type === 'BODY')?.text ?? '';
    if (told)
      accountEvent(world, 'message_template_components_update', { ...identity(template), message_template_element: text });
  }
  world.templates.put(next);
  const held = body['held'];
  return held === 'release' || held === 'drop' ? decideAllHeld(world, next, held) : 0;
}

function identity(template: Template): JsonObject {
  return {
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  };
}

function decideAllHeld(world: World, template: Template, decision: 'release' | 'drop'): number {
  let rows = 0;
  for (const [index, label] of world.ledger.labels.entries())
    if (label.name === template.name && label.language === template.language && world.ledger.heldCount(index) > 0)
      rows += decideHeld(world, template.id, index, decision);
  return rows;
}
