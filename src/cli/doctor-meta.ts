/** What Meta says: token, number, account, templates, subscription, clock. Only asked when sending for real. */
import { request } from 'undici';
import type { Config, LiveWhatsApp } from '../config/config.ts';
import { createMetaClient, type MetaClient } from '../whatsapp/client.ts';
import { isUnreachable, type MetaCallError, type MetaResult } from '../whatsapp/graph.ts';
import { endingSoon } from '../whatsapp/graph-versions.ts';
import { asText } from '../whatsapp/wire.ts';
import type { Check } from './check.ts';
import { clockCheck } from './doctor-database.ts';
import { reason } from './doctor-machine.ts';
import { count, duration, many } from './words.ts';

export async function metaChecks({ whatsapp, publicUrl }: Config): Promise<Check[]> {
  if (whatsapp.mode === 'sandbox') {
    return [
      {
        name: 'Meta',
        level: 'skip',
        message: 'Token, number, templates and subscription are looked at when credentials are set.',
      },
    ];
  }
  const client = createMetaClient({
    baseUrl: whatsapp.apiBaseUrl,
    version: whatsapp.apiVersion,
    accessToken: whatsapp.accessToken,
    connections: 4,
    timeouts: { connectMs: 8_000, headersMs: 15_000, bodyMs: 15_000 },
  });
  try {
    const first = await clockAndReach(whatsapp);
    if (first.level === 'fail' && first.name === 'Meta') return [first];
    return [
      first,
      await tokenCheck(client),
      await numberCheck(client, whatsapp),
      ...(await healthChecks(client, whatsapp)),
      await accountCheck(client, whatsapp),
      ...(await paymentChecks(client, whatsapp)),
      ...versionChecks(whatsapp),
      await templatesCheck(client, whatsapp),
      await subscriptionCheck(client, whatsapp, publicUrl),
    ];
  } finally {
    await client.close();
  }
}

async function clockAndReach({ apiBaseUrl, apiVersion }: LiveWhatsApp): Promise<Check> {
  const asked = Date.now();
  try {
    const { headers, body } = await request(`${apiBaseUrl}/${apiVersion}/`, { headersTimeout: 15_000, bodyTimeout: 15_000 });
    await body.dump();
    const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
    // Told in whole seconds: the middle of that second.
    if (!Number.isNaN(date)) return clockCheck("Meta's clock", date + 500 - (asked + Date.now()) / 2);
    return { name: 'clock', level: 'skip', message: `${apiBaseUrl} does not tell the time.` };
  } catch (error) {
    return {
      name: 'Meta',
      level: 'fail',
      message: `${apiBaseUrl} cannot be reached (${reason(error)}).`,
      advice: 'Check the connection to the internet, the firewall, and WHATSAPP_API_BASE_URL if it is set.',
    };
  }
}

async function tokenCheck(client: MetaClient): Promise<Check> {
  const name = 'token';
  const advice =
    'Make a permanent one for a system user with whatsapp_business_messaging and whatsapp_business_management, and set WHATSAPP_ACCESS_TOKEN.';
  const result = await client.debugToken();
  if (!result.ok) return refused(name, result, advice);
  const { isValid, expiresAt, scopes } = result.value;
  if (!isValid) return { name, level: 'fail', message: 'Meta says it is not valid (any more).', advice };
  const missing = ['whatsapp_business_messaging', 'whatsapp_business_management'].filter(
    (scope) => scopes.length > 0 && !scopes.includes(scope),
  );
  if (missing.length > 0) return { name, level: 'fail', message: `It lacks ${missing.join(' and ')}.`, advice };
  if (expiresAt === undefined) return { name, level: 'ok', message: 'Valid, without an end.' };
  const left = (expiresAt.getTime() - Date.now()) / 1000;
  return { name, level: 'warn', message: `Valid, but only for ${duration(Math.max(0, left))}.`, advice };
}

async function numberCheck(client: MetaClient, { phoneNumberId }: LiveWhatsApp): Promise<Check> {
  const name = 'number';
  const result = await client.phoneNumber(phoneNumberId);
  if (!result.ok)
    return refused(
      name,
      result,
      'Check WHATSAPP_PHONE_NUMBER_ID: the ID of the number, not the number, and one the token may use.',
    );
  const {
    displayPhoneNumber = phoneNumberId,
    verifiedName,
    status,
    qualityRating,
    throughputLevel,
    messagingLimit,
  } = result.value;
  const facts = [
    verifiedName,
    status,
    qualityRating === undefined ? undefined : `quality ${qualityRating}`,
    throughputLevel === undefined ? undefined : `throughput ${throughputLevel}`,
    messagingLimit === undefined ? undefined : `limit ${messagingLimit}`,
  ].filter((fact) => fact !== undefined);
  const message = `${displayPhoneNumber}: ${facts.join(', ')}.`;
  if (status !== undefined && status !== 'CONNECTED') {
    return { name, level: 'fail', message, advice: 'Only a number that is CONNECTED can send: see WhatsApp Manager.' };
  }
  if (qualityRating === 'RED' || qualityRating === 'YELLOW') {
    return {
      name,
      level: 'warn',
      message,
      advice: 'People block or report these messages: write to fewer, who asked for it, or Meta lowers the limit.',
    };
  }
  return { name, level: 'ok', message };
}

/** Meta's own answer to whether this number may send, entity by entity, in its words. */
async function healthChecks(client: MetaClient, { phoneNumberId }: LiveWhatsApp): Promise<Check[]> {
  const name = 'may send';
  const result = await client.health(phoneNumberId);
  if (!result.ok) return [refused(name, result, 'The token needs whatsapp_business_management for this account.')];
  const { canSendMessage, entities } = result.value;
  if (canSendMessage === 'AVAILABLE') return [{ name, level: 'ok', message: 'Meta says yes.' }];
  return entities
    .filter((entity) => entity.canSendMessage !== 'AVAILABLE')
    .map(({ entityType, canSendMessage: verdict, errors, additionalInfo }) => {
      const why = [...errors.map(({ description }) => description), ...additionalInfo].join(' ');
      const solutions = errors.flatMap(({ solution }) => solution ?? []).join(' ');
      return {
        name,
        level: verdict === 'BLOCKED' ? 'fail' : 'warn',
        message: `${entityType} is ${verdict}. ${why}`.trim(),
        advice: solutions === '' ? 'Open Account quality in WhatsApp Manager.' : solutions,
      };
    });
}

async function paymentChecks(client: MetaClient, { businessAccountId }: LiveWhatsApp): Promise<Check[]> {
  const result = await client.fundingId(businessAccountId);
  // A version that does not know the field says nothing of the account.
  if (!result.ok) return [];
  if (result.value !== null) return [{ name: 'payment', level: 'ok', message: 'There is a payment method.' }];
  return [
    {
      name: 'payment',
      level: 'warn',
      message: 'Meta names no payment method for the account, so paid messages may be refused (131042).',
      advice: 'Add one in WhatsApp Manager, Billing; with the credit of a partner none may be named.',
    },
  ];
}

function versionChecks({ apiVersion }: LiveWhatsApp): Check[] {
  const ends = endingSoon(apiVersion, new Date());
  if (ends === undefined) return [];
  return [
    {
      name: 'Graph',
      level: 'warn',
      message: `Version ${apiVersion} ends on ${ends.toISOString().slice(0, 10)}; after that Meta answers as another version.`,
      advice: 'Set WHATSAPP_API_VERSION to a newer one.',
    },
  ];
}

async function accountCheck(client: MetaClient, { businessAccountId }: LiveWhatsApp): Promise<Check> {
  const name = 'account';
  const result = await client.account(businessAccountId);
  if (!result.ok) return refused(name, result, 'Check WHATSAPP_BUSINESS_ACCOUNT_ID, and that the token may manage it.');
  const { name: title = businessAccountId, reviewStatus, verificationStatus, status, currency } = result.value;
  const facts = [status, reviewStatus === undefined ? undefined : `review ${reviewStatus}`, verificationStatus, currency].filter(
    (fact) => fact !== undefined,
  );
  const message = `${title}: ${facts.join(', ')}.`;
  if (reviewStatus !== undefined && reviewStatus !== 'APPROVED')
    return { name, level: 'fail', message, advice: 'Meta has not approved the account: see Business Support Home.' };
  return { name, level: 'ok', message };
}

async function templatesCheck(client: MetaClient, { businessAccountId }: LiveWhatsApp): Promise<Check> {
  const name = 'templates';
  let all = 0;
  let approved = 0;
  for await (const page of client.templates(businessAccountId)) {
    if (!page.ok) return refused(name, page, 'The token needs whatsapp_business_management for this account.');
    all += page.value.length;
    approved += page.value.filter((template) => asText(template['status']) === 'APPROVED').length;
  }
  const message = `${many(all, 'template')}, ${count(approved)} approved.`;
  if (approved === 0)
    return { name, level: 'warn', message, advice: 'A campaign needs an approved one: make it in WhatsApp Manager.' };
  return { name, level: 'ok', message };
}

async function subscriptionCheck(
  client: MetaClient,
  { businessAccountId }: LiveWhatsApp,
  publicUrl: string | undefined,
): Promise<Check> {
  const name = 'webhook subscription';
  const result = await client.subscribedApps(businessAccountId);
  if (!result.ok) return refused(name, result, 'The token needs whatsapp_business_management for this account.');
  if (result.value.length === 0) {
    return {
      name,
      level: 'fail',
      message: 'No app is subscribed to this account: no webhook will ever arrive.',
      advice: `Subscribe yours: POST /${businessAccountId}/subscribed_apps with this token, or in the app dashboard.`,
    };
  }
  const names = result.value.map((app) => app.name ?? app.id ?? 'an app').join(', ');
  const elsewhere = result.value.map((app) => app.overrideCallbackUrl).find((url) => url !== undefined);
  if (elsewhere !== undefined && publicUrl !== undefined && !elsewhere.startsWith(publicUrl)) {
    return {
      name,
      level: 'warn',
      message: `Subscribed (${names}), but this account sends its webhooks to ${elsewhere}.`,
      advice: `Let them go to ${publicUrl}/api/v1/webhooks/whatsapp.`,
    };
  }
  return { name, level: 'ok', message: `Subscribed: ${names}.` };
}

function refused(
  name: string,
  result: { readonly ok: false; readonly error: MetaCallError } & MetaResult<unknown>,
  advice: string,
): Check {
  const { error } = result;
  if (isUnreachable(error))
    return { name, level: 'fail', message: `Meta did not answer (${error.unreachable}).`, advice: 'Try again in a moment.' };
  return { name, level: 'fail', message: `Meta refuses: ${error.message} (${String(error.code)}).`, advice };
}
