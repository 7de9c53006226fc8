/** The answers of Meta that are not about sending, read into what the product uses; unknown values pass through as text. */
import { asArray, asDate, asId, asNumber, asObject, asText, compact, type JsonObject, objectsIn } from './wire.ts';

/** docs/meta.md, Numbers */
export interface PhoneNumberInfo {
  readonly id: string;
  readonly displayPhoneNumber?: string;
  readonly verifiedName?: string;
  /** GREEN, YELLOW, RED, UNKNOWN. */
  readonly qualityRating?: string;
  /** CONNECTED is needed to send. */
  readonly status?: string;
  readonly nameStatus?: string;
  /** STANDARD (80/s), HIGH (1000/s), NOT_APPLICABLE. */
  readonly throughputLevel?: string;
  /** TIER_250 … TIER_UNLIMITED. */
  readonly messagingLimit?: string;
  readonly platformType?: string;
  /** LIVE or SANDBOX. */
  readonly accountMode?: string;
}

export function readPhoneNumber(json: JsonObject): PhoneNumberInfo | undefined {
  const id = asId(json['id']);
  if (id === undefined) return undefined;
  return compact({
    id,
    displayPhoneNumber: asText(json['display_phone_number']),
    verifiedName: asText(json['verified_name']),
    qualityRating: asText(json['quality_rating']) ?? asText(asObject(json['quality_score'])?.['score']),
    status: asText(json['status']),
    nameStatus: asText(json['name_status']),
    throughputLevel: asText(asObject(json['throughput'])?.['level']),
    messagingLimit: asText(json['whatsapp_business_manager_messaging_limit']) ?? asText(json['messaging_limit_tier']),
    platformType: asText(json['platform_type']),
    accountMode: asText(json['account_mode']),
  });
}

export interface Account {
  readonly id: string;
  readonly name?: string;
  /** Decides the rate card. */
  readonly currency?: string;
  /** Decides whose midnight prices change at. */
  readonly timezoneId?: string;
  readonly reviewStatus?: string;
  readonly verificationStatus?: string;
  readonly status?: string;
  readonly country?: string;
}

export function readAccount(json: JsonObject): Account | undefined {
  const id = asId(json['id']);
  if (id === undefined) return undefined;
  return compact({
    id,
    name: asText(json['name']),
    currency: asText(json['currency']),
    timezoneId: asId(json['timezone_id']),
    reviewStatus: asText(json['account_review_status']),
    verificationStatus: asText(json['business_verification_status']),
    status: asText(json['status']),
    country: asText(json['country']),
  });
}

/** docs/meta.md, Health; the texts are for the operator as they are. */
export interface HealthStatus {
  /** AVAILABLE, LIMITED or BLOCKED. */
  readonly canSendMessage: string;
  readonly entities: readonly HealthEntity[];
}

export interface HealthEntity {
  readonly entityType: string;
  readonly id?: string;
  readonly canSendMessage: string;
  readonly errors: readonly { readonly code?: number; readonly description: string; readonly solution?: string }[];
  readonly additionalInfo: readonly string[];
}

export function readHealth(json: JsonObject): HealthStatus | undefined {
  const health = asObject(json['health_status']);
  const canSendMessage = asText(health?.['can_send_message']);
  if (health === undefined || canSendMessage === undefined) return undefined;
  return { canSendMessage, entities: objectsIn(health['entities']).flatMap((entity) => readHealthEntity(entity) ?? []) };
}

function readHealthEntity(entity: JsonObject): HealthEntity | undefined {
  const entityType = asText(entity['entity_type']);
  if (entityType === undefined) return undefined;
  return compact({
    entityType,
    id: asId(entity['id']),
    canSendMessage: asText(entity['can_send_message']) ?? 'UNKNOWN',
    errors: objectsIn(entity['errors']).flatMap((error) => {
      const description = asText(error['error_description']);
      if (description === undefined) return [];
      return compact({ code: asNumber(error['error_code']), description, solution: asText(error['possible_solution']) });
    }),
    additionalInfo: asArray(entity['additional_info']).flatMap((info) => asText(info) ?? []),
  });
}

export interface SubscribedApp {
  readonly id?: string;
  readonly name?: string;
  readonly link?: string;
  /** Set when this account sends its webhooks elsewhere than the app (docs/meta.md, Subscribing to webhooks). */
  readonly overrideCallbackUrl?: string;
}

export function readSubscribedApps(json: JsonObject): readonly SubscribedApp[] | undefined {
  if (!Array.isArray(json['data'])) return undefined;
  return objectsIn(json['data']).map((entry) => {
    const app = asObject(entry['whatsapp_business_api_data']) ?? entry;
    return compact({
      id: asId(app['id']),
      name: asText(app['name']),
      link: asText(app['link']),
      overrideCallbackUrl: asText(entry['override_callback_uri']),
    });
  });
}

export interface DebugToken {
  readonly isValid: boolean;
  /** Absent for a token that does not expire. */
  readonly expiresAt?: Date;
  readonly appId?: string;
  readonly type?: string;
  readonly scopes: readonly string[];
}

export function readDebugToken(json: JsonObject): DebugToken | undefined {
  const data = asObject(json['data']);
  if (data === undefined || typeof data['is_valid'] !== 'boolean') return undefined;
  return compact({
    isValid: data['is_valid'],
    // 0 means never, and reads as no date.
    expiresAt: asDate(data['expires_at']),
    appId: asId(data['app_id']),
    type: asText(data['type']),
    scopes: asArray(data['scopes']).flatMap((scope) => asText(scope) ?? []),
  });
}
