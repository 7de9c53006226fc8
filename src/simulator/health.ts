import { APP_ID, type PhoneNumber } from './account.ts';
import type { JsonObject } from './json.ts';
import type { Template } from './templates.ts';
import type { World } from './world.ts';

type Verdict = 'AVAILABLE' | 'LIMITED' | 'BLOCKED';

interface Entity extends JsonObject {
  can_send_message: Verdict;
}

/** `health_status` of a number, the account or a template (docs/meta.md, Health): the worst entity decides. */
export function healthOf(world: World, number: PhoneNumber | undefined, template?: Template): JsonObject {
  const entities: Entity[] = [];
  if (template !== undefined) entities.push(templateEntity(template));
  if (number !== undefined) entities.push(numberEntity(number));
  entities.push(
    wabaEntity(world),
    { entity_type: 'BUSINESS', id: '506914307656634', can_send_message: 'AVAILABLE' },
    { entity_type: 'APP', id: APP_ID, can_send_message: 'AVAILABLE' },
  );
  const told = world.account.waba.health;
  if (told !== null) replaceEntity(entities, told);
  const verdicts = entities.map((entity) => entity.can_send_message);
  const worst: Verdict = verdicts.includes('BLOCKED') ? 'BLOCKED' : verdicts.includes('LIMITED') ? 'LIMITED' : 'AVAILABLE';
  return { can_send_message: worst, entities };
}

/** As the side door says. */
function replaceEntity(entities: Entity[], told: JsonObject): void {
  const type = typeof told['entity_type'] === 'string' ? told['entity_type'] : 'WABA';
  const verdict = told['can_send_message'] === 'LIMITED' ? 'LIMITED' : 'BLOCKED';
  const { error_code, error_description, possible_solution } = told;
  const error = { error_code: error_code ?? 141010, error_description: error_description ?? 'Blocked.', possible_solution };
  const at = entities.findIndex((entity) => entity['entity_type'] === type);
  const entity = { entity_type: type, id: entities[at]?.['id'] ?? '0', can_send_message: verdict, errors: [error] } as const;
  entities.splice(at < 0 ? entities.length : at, at < 0 ? 0 : 1, entity);
}

function blocked(
  entity_type: string,
  id: string,
  error_code: number,
  error_description: string,
  possible_solution: string,
): Entity {
  return { entity_type, id, can_send_message: 'BLOCKED', errors: [{ error_code, error_description, possible_solution }] };
}

function templateEntity(template: Template): Entity {
  if (template.status === 'APPROVED') return { entity_type: 'MESSAGE_TEMPLATE', id: template.id, can_send_message: 'AVAILABLE' };
  return blocked(
    'MESSAGE_TEMPLATE',
    template.id,
    141002,
    `The message template is not approved: its status is ${template.status}.`,
    'Wait for the review, or edit the template and send it for review again.',
  );
}

function numberEntity(number: PhoneNumber): Entity {
  if (number.status !== 'CONNECTED')
    return blocked(
      'PHONE_NUMBER',
      number.id,
      141000,
      `The phone number is ${number.status.toLowerCase()}.`,
      'Register the phone number, or appeal in WhatsApp Manager.',
    );
  if (number.quality_rating === 'RED')
    return {
      entity_type: 'PHONE_NUMBER',
      id: number.id,
      can_send_message: 'LIMITED',
      additional_info: ['The quality rating of the number is low.'],
    };
  if (number.name_status !== 'APPROVED')
    return {
      entity_type: 'PHONE_NUMBER',
      id: number.id,
      can_send_message: 'LIMITED',
      additional_info: [
        'Your display name has not been approved yet. Your message limit will increase after the display name is approved.',
      ],
    };
  return { entity_type: 'PHONE_NUMBER', id: number.id, can_send_message: 'AVAILABLE' };
}

function wabaEntity(world: World): Entity {
  const { waba } = world.account;
  const block = waba.send_block;
  if (block !== null && (block.until === null || block.until > Date.now()))
    return blocked(
      'WABA',
      waba.id,
      block.code === 131042 ? 141006 : 141010,
      'The account may not send messages now.',
      'Open WhatsApp Manager, Account quality.',
    );
  return { entity_type: 'WABA', id: waba.id, can_send_message: 'AVAILABLE' };
}
