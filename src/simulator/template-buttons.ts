import { type Refusal, refuse } from './graph-error.ts';
import { isObject, type JsonObject, listOf } from './json.ts';
import type { TemplateButton } from './templates.ts';

export interface CompiledButton {
  readonly index: number;
  readonly kind:
    | 'url'
    | 'quick_reply'
    | 'copy_code'
    | 'otp'
    | 'flow'
    | 'catalog'
    | 'mpm'
    | 'voice_call'
    | 'order_details'
    | 'fixed';
  readonly required: boolean;
  readonly fixedLength: number;
  readonly codeLength: number;
}

const KINDS: Readonly<Record<string, CompiledButton['kind']>> = {
  QUICK_REPLY: 'quick_reply',
  COPY_CODE: 'copy_code',
  OTP: 'otp',
  FLOW: 'flow',
  CATALOG: 'catalog',
  MPM: 'mpm',
  VOICE_CALL: 'voice_call',
  ORDER_DETAILS: 'order_details',
};
const REQUIRED = new Set(['copy_code', 'otp', 'mpm', 'order_details']);

/** Which buttons of a template take a value, and which must have one (docs/meta.md, Parameters). */
export function compileButtons(buttons: readonly TemplateButton[]): CompiledButton[] {
  return buttons.map((button, index) => {
    const type = button.type.toUpperCase();
    const kind = type === 'URL' ? urlKind(button) : (KINDS[type] ?? 'fixed');
    const fixedLength = (button.url ?? '').replaceAll(/\{\{[^{}]*\}\}/g, '').length;
    return { index, kind, required: kind === 'url' || REQUIRED.has(kind), fixedLength, codeLength: 20 };
  });
}

function urlKind(button: TemplateButton): CompiledButton['kind'] {
  if (button['otp_type'] !== undefined || (button.url ?? '').includes('/otp/code/')) return 'otp';
  return (button.url ?? '').includes('{{') ? 'url' : 'fixed';
}

export function checkButtons(
  expected: readonly CompiledButton[],
  sent: readonly JsonObject[],
  bodyCode: string | undefined,
  version: number,
): Refusal | undefined {
  const seen = new Set<number>();
  for (const component of sent) {
    const index = Number(component['index'] ?? Number.NaN);
    const button = expected[index];
    if (!Number.isInteger(index) || button === undefined || seen.has(index))
      return refuse(
        version >= 23 ? 132018 : 132012,
        `buttons: Button at index ${String(component['index'])} does not exist in the template or is given twice`,
      );
    seen.add(index);
    const fault = buttonFault(button, component, bodyCode, version);
    if (fault !== undefined) return fault;
  }
  for (const button of expected)
    if (button.required && !seen.has(button.index))
      return refuse(131008, `buttons: Button at index ${String(button.index)} of type ${title(button)} requires a parameter`);
  return undefined;
}

/** `Url`, `CopyCode`: as the live API writes them. */
function title(button: CompiledButton): string {
  const kind = button.kind === 'otp' ? 'url' : button.kind;
  return kind
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function buttonFault(
  button: CompiledButton,
  component: JsonObject,
  bodyCode: string | undefined,
  version: number,
): Refusal | undefined {
  const subType = String(component['sub_type']).toLowerCase();
  const wanted = button.kind === 'otp' ? 'url' : button.kind;
  const code = version >= 23 ? 132018 : 132012;
  if (subType !== wanted)
    return refuse(code, `buttons: Button at index ${String(button.index)} must be of type ${title(button)}`);
  const parameter = listOf(component, 'parameters')[0];
  if (!isObject(parameter))
    return button.required
      ? refuse(131008, `buttons: Button at index ${String(button.index)} of type ${title(button)} requires a parameter`)
      : undefined;
  switch (button.kind) {
    case 'url':
    case 'otp':
      return urlFault(button, parameter, bodyCode, code);
    case 'copy_code':
      return couponFault(button, parameter, code);
    case 'mpm':
      return sectionsFault(button, parameter);
    case 'order_details': {
      const action = parameter['action'];
      return isObject(action) && isObject(action['order_details'])
        ? undefined
        : refuse(131008, 'button: order_details is required');
    }
    default:
      return undefined;
  }
}

function urlFault(
  button: CompiledButton,
  parameter: JsonObject,
  bodyCode: string | undefined,
  code: number,
): Refusal | undefined {
  const text = parameter['text'];
  if (typeof text !== 'string' || text === '')
    return refuse(100, `button: Parameter 'text' is mandatory for type 'text' and cannot be empty`);
  if (/[\n\r\t]| {5}/.test(text))
    return refuse(code, 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces');
  if (button.fixedLength + text.length > 2000) return refuse(100, 'button: the final URL is longer than 2000 characters');
  if (button.kind !== 'otp') return undefined;
  if (text.length > 15) return refuse(132005, 'button: the code is longer than 15 characters');
  return bodyCode === text ? undefined : refuse(code, 'button: the code must be the same as the body parameter');
}

function couponFault(button: CompiledButton, parameter: JsonObject, code: number): Refusal | undefined {
  const coupon = parameter['coupon_code'];
  if (typeof coupon !== 'string' || coupon === '')
    return refuse(131008, `buttons: Button at index ${String(button.index)} of type CopyCode requires a parameter`);
  return /^[0-9A-Za-z]+$/.test(coupon) && coupon.length <= button.codeLength
    ? undefined
    : refuse(code, `buttons: coupon_code must be alphanumeric and at most ${String(button.codeLength)} characters`);
}

function sectionsFault(button: CompiledButton, parameter: JsonObject): Refusal | undefined {
  const action = parameter['action'];
  const sections = isObject(action) ? listOf(action, 'sections') : [];
  const products = sections.reduce<number>(
    (sum, section) => sum + (isObject(section) ? listOf(section, 'product_items').length : 0),
    0,
  );
  if (sections.length === 0 || products === 0)
    return refuse(131008, `buttons: Button at index ${String(button.index)} of type Mpm requires sections`);
  return sections.length <= 10 && products <= 30 ? undefined : refuse(131009, 'buttons: at most 10 sections and 30 products');
}
