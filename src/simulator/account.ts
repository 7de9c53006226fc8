import type { JsonObject } from './json.ts';

/** A sending number, with what Meta's API tells of it. */
export interface PhoneNumber extends JsonObject {
  id: string;
  display_phone_number: string;
  verified_name: string;
  quality_rating: string;
  status: string;
  name_status: string;
  code_verification_status: string;
  throughput: { level: string };
  platform_type: string;
  account_mode: string;
  is_official_business_account: boolean;
  whatsapp_business_manager_messaging_limit: string;
  webhook_configuration: { application?: string; phone_number?: string };
  /** Test numbers only reach these (131030); null: everybody. */
  allow_list: string[] | null;
  /** Until then sends answer 131057 (a throughput upgrade). */
  maintenance_until: number;
}

/** The WhatsApp Business Account. */
export interface Waba extends JsonObject {
  id: string;
  name: string;
  currency: string;
  timezone_id: string;
  country: string;
  account_review_status: string;
  business_verification_status: string;
  status: string;
  message_template_namespace: string;
  marketing_messages_onboarding_status: string;
  /** Sends answer this code while set: 131031 locked, 368 blocked, 131042 unpaid… */
  send_block: { code: number; until: number | null } | null;
  marketing_disabled: boolean;
  /** Utility templates answer this code while set. */
  utility_block: { code: number; until: number } | null;
  /** An entity of `health_status` in place of its own: `{entity_type, can_send_message, error_code, error_description, possible_solution}`. */
  health: JsonObject | null;
  primary_funding_id: string | null;
}

export interface WebhookTarget {
  readonly url: string;
  readonly appSecret: string;
  readonly verifyToken: string;
}

export interface Account {
  waba: Waba;
  numbers: PhoneNumber[];
  subscribed: boolean;
  /** Precedence: number, then account, then app (docs/meta.md, Subscribing to webhooks). */
  target: WebhookTarget | null;
  override: string | null;
}

export const APP_ID = '670843887433847';

export function createAccount(wabaId: string, phoneNumberIds: readonly string[]): Account {
  return {
    waba: {
      id: wabaId,
      name: 'Tienda Ejemplo',
      currency: 'USD',
      timezone_id: '1',
      country: 'CO',
      account_review_status: 'APPROVED',
      business_verification_status: 'verified',
      status: 'ACTIVE',
      message_template_namespace: 'ba30dd89_2ebd_41e4_b805_f2c05ae04cc9',
      marketing_messages_onboarding_status: 'ONBOARDED',
      marketing_messages_lite_api_status: 'ONBOARDED',
      send_block: null,
      marketing_disabled: false,
      utility_block: null,
      health: null,
      primary_funding_id: '2190653174510124',
    },
    numbers: phoneNumberIds.map((id, i) => ({
      id,
      display_phone_number: `+1 555-078-${String(3881 + i)}`,
      verified_name: 'Tienda Ejemplo',
      quality_rating: 'GREEN',
      status: 'CONNECTED',
      name_status: 'APPROVED',
      code_verification_status: 'VERIFIED',
      throughput: { level: 'STANDARD' },
      platform_type: 'CLOUD_API',
      account_mode: 'LIVE',
      is_official_business_account: false,
      whatsapp_business_manager_messaging_limit: 'TIER_UNLIMITED',
      webhook_configuration: {},
      allow_list: null,
      maintenance_until: 0,
    })),
    subscribed: true,
    target: null,
    override: null,
  };
}

const DIGITS = new Map<string, string>();

export function displayDigits(number: PhoneNumber): string {
  let digits = DIGITS.get(number.display_phone_number);
  if (digits === undefined) {
    digits = number.display_phone_number.replaceAll(/\D/g, '');
    DIGITS.set(number.display_phone_number, digits);
  }
  return digits;
}

/** Messages a second of a throughput level (docs/meta.md, Numbers). */
export function levelRate(number: PhoneNumber): number {
  return number.throughput.level === 'HIGH' ? 1000 : 80;
}
