import { displayDigits, type PhoneNumber } from './account.ts';
import type { JsonObject } from './json.ts';
import type { Template } from './templates.ts';
import type { World } from './world.ts';

/** Template and account events have a time and no metadata (docs/meta.md, Account and template events). */
export function accountEvent(world: World, field: string, value: JsonObject): void {
  world.webhooks.sendEvent(field, value, { timed: true });
}

export function templateStatusEvent(
  world: World,
  template: Template,
  event: string,
  other?: { title: string; description: string },
): void {
  accountEvent(world, 'message_template_status_update', {
    event,
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
    reason: event === 'REJECTED' ? (template.rejected_reason === 'NONE' ? 'INVALID_FORMAT' : template.rejected_reason) : 'NONE',
    message_template_category: template.category,
    ...(other === undefined ? {} : { other_info: other }),
    ...(event === 'DISABLED' ? { disable_info: { disable_date: String(Math.floor(Date.now() / 1000)) } } : {}),
  });
}

export function templateQualityEvent(world: World, template: Template, previous: string, next: string): void {
  accountEvent(world, 'message_template_quality_update', {
    previous_quality_score: previous,
    new_quality_score: next,
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  });
}

export function numberEvent(world: World, number: PhoneNumber, event: string, over: JsonObject = {}): void {
  accountEvent(world, 'phone_number_quality_update', {
    display_phone_number: displayDigits(number),
    event,
    current_limit: number.whatsapp_business_manager_messaging_limit,
    ...over,
  });
}
