/**
 * One message to one person, by the same road as everyone: a hidden campaign of one, claimed, paced, recorded and settled like
 * the rest. Waits for its outcome; what has not left by then is cancelled.
 * A crash leaves a running hidden campaign, which the next start finishes or whose outcome stays `unknown`: never a second send.
 */

import { recordAudit } from '../audit/record-audit.ts';
import { isSuppressed } from '../consent/opt-outs.sql.ts';
import type { Actor } from '../lib/http/actor.ts';
import { parsePhone } from '../lib/phone/parse.ts';
import { Problem } from '../lib/problem.ts';
import { say, type Text } from '../lib/words/sentence.ts';
import { refuseUnlessMayRun } from '../lifecycle/assert-runnable.ts';
import { insertCampaign, moveCampaign } from '../lifecycle/campaign.sql.ts';
import { cancelPending } from '../lifecycle/claim.sql.ts';
import type { MessageStatus } from '../lifecycle/message.ts';
import { insertTestRecipient, TEST_MESSAGE, type TestOutcome, testOutcome } from '../lifecycle/test-send.sql.ts';
import { lastErrors } from '../recipients/recipients.sql.ts';
import { compileTemplate } from '../templates/compile.ts';
import { type Mapping, mappingOfParameters } from '../templates/mapping.ts';
import { parseTemplate } from '../templates/template.ts';
import { listTemplates } from '../templates/templates.sql.ts';
import { languageHelp, templateUsable } from '../templates/usable.ts';
import { adviceFor } from '../whatsapp/errors.ts';
import { accountObstacles } from './account-checks.ts';
import type { CampaignDeps } from './preflight.ts';

export interface TestSendInput {
  readonly template_name: string;
  readonly template_language: string;
  readonly to: string;
  /** The required ones in `variableOrder`, or any by key. */
  readonly parameters: readonly string[] | Readonly<Record<string, string>>;
}

export interface TestSendResult {
  /** Of the hidden campaign: where its record can be looked up later. */
  readonly campaign_id: number;
  readonly message_id: number;
  readonly to: string;
  readonly status: MessageStatus;
  readonly wamid: string | null;
}

export interface TestSendDeps extends CampaignDeps {
  readonly defaultCountry: string | undefined;
  /** Only tests wait for less. */
  readonly testSendWaitMs?: number | undefined;
}

/** A test send is answered within the patience of a person; what has not left by then is called off. */
const WAIT_MS = 20_000;

export async function sendTest(deps: TestSendDeps, input: TestSendInput, actor: Actor): Promise<TestSendResult> {
  const phone = parsePhone(input.to, deps.defaultCountry);
  if (!phone.ok) throw new Problem('invalid_phone_number', phone.message, { errors: [{ field: 'to', message: phone.message }] });
  const { template, mapping } = await prepare(deps, input);
  if (await isSuppressed(deps.db, phone.person, template.category === 'MARKETING')) {
    throw new Problem('recipient_suppressed', say('server.campaigns.opted-out-remove', { phone: phone.phone }));
  }
  const [obstacle] = await accountObstacles(deps.db, deps, template.category);
  if (obstacle !== undefined) throw new Problem('message_refused', obstacle.message);
  const id = await deps.db.tx(async (sql) => {
    const campaign = await insertCampaign(sql, {
      kind: 'test',
      name: `Test: ${input.template_name}`.slice(0, 200),
      description: null,
      mode: deps.mode,
      phone_number_id: deps.phoneNumberId,
      template_name: input.template_name,
      template_language: input.template_language,
      mapping,
      batch_size: null,
      delay_between_batches: 0,
      messages_per_second: null,
      budget_micros: null,
      currency: deps.price(new Date()).currency,
      created_by: actor.name,
    });
    await refuseUnlessMayRun(deps, sql, campaign);
    await insertTestRecipient(sql, campaign.id, { person: phone.person, phone: phone.digits, slot: deps.slot });
    await moveCampaign(sql, campaign.id, 'start', { template: template.raw });
    const detail = { template_name: input.template_name, template_language: input.template_language };
    await recordAudit(sql, actor, { action: 'template.send', campaignId: campaign.id, detail });
    return campaign.id;
  });
  deps.wake([id]);
  const outcome = await settle(deps, id);
  return answer(deps, id, phone.phone, outcome);
}

async function prepare(deps: CampaignDeps, input: TestSendInput) {
  const found = await listTemplates(deps.db, { mode: deps.mode, wabaId: deps.wabaId }, { name: input.template_name });
  const stored = found.find((candidate) => candidate.language === input.template_language);
  if (stored === undefined) {
    const languages = found.map((candidate) => candidate.language);
    throw new Problem('template_not_found', languageHelp(input.template_name, input.template_language, languages));
  }
  const parsed = parseTemplate(stored.raw);
  if (!parsed.ok) throw new Problem('template_not_usable', parsed.error);
  const usable = templateUsable(parsed.template);
  if (!usable.ok) throw new Problem('template_not_usable', usable.message);
  return { template: parsed.template, mapping: readParameters(parsed.template, input.parameters) };
}

function readParameters(
  template: Parameters<typeof compileTemplate>[0],
  parameters: readonly string[] | Readonly<Record<string, string>>,
): Mapping {
  const read = mappingOfParameters(template, parameters);
  const faults = read.ok ? compileTemplate(template, read.mapping).everyRow : read.faults;
  if (read.ok && faults.length === 0) return read.mapping;
  throw new Problem(
    'invalid_parameters',
    faults.map((fault) => fault.message),
    {
      errors: faults.map((fault) => ({
        field: fault.key === '' ? 'parameters' : `parameters.${fault.key}`,
        message: fault.message,
      })),
    },
  );
}

/** Waits until the message has an outcome; what still waits after that time, or in a campaign that was paused, is called off. */
async function settle(deps: TestSendDeps, id: number): Promise<TestOutcome> {
  const deadline = performance.now() + (deps.testSendWaitMs ?? WAIT_MS);
  for (;;) {
    const outcome = await testOutcome(deps.db, id);
    const isOver = outcome.status !== 'pending' && outcome.status !== 'sending';
    if (isOver) return outcome;
    const giveUp = performance.now() > deadline;
    if (outcome.campaign_status === 'paused' || giveUp) {
      await deps.db.tx((sql) => moveCampaign(sql, id, 'cancel'));
      await cancelPending(deps.db, id, deps.slot);
      if (outcome.status === 'pending' || giveUp)
        return { ...(await testOutcome(deps.db, id)), pause_reason: outcome.pause_reason };
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function answer(deps: CampaignDeps, id: number, to: string, outcome: TestOutcome): Promise<TestSendResult> {
  const { status, wamid } = outcome;
  if (status === 'failed' || status === 'cancelled') {
    const error = (await lastErrors(deps.db, id, [1])).get(1);
    const code = Number(error?.['code'] ?? outcome.error_code ?? 0);
    const detail =
      outcome.pause_reason?.message ??
      say('server.lifecycle.advice-of-meta', { advice: adviceFor(code), code: String(code), text: textOf(error) });
    throw new Problem('message_refused', detail, { meta_code: code, test_id: id });
  }
  return { campaign_id: id, message_id: TEST_MESSAGE, to, status, wamid };
}

function textOf(error: Readonly<Record<string, unknown>> | undefined): Text {
  const text = error?.['details'] ?? error?.['message'] ?? error?.['reason'];
  return typeof text === 'string' ? text : say('server.campaigns.no-reason-given');
}
