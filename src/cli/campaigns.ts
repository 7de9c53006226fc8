/** `campaigns …`: what is asked and answered in one go. Watching, uploading and exporting have files of their own. */

import { z } from 'zod';
import {
  CampaignSchema,
  DecidedCampaign,
  InFlightCampaign,
  PreflightSchema,
  ScheduledCampaign,
  StartedCampaign,
  StatsSchema,
} from '../campaigns/schema.ts';
import type { InWords } from '../lib/words/sentence.ts';
import { type Client, connect } from './client.ts';
import { confirm } from './confirm.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { RemoteOptions } from './target.ts';
import type { Mapping } from './values.ts';
import { count, duration, facts, many, money, percent, print, printJson, standstill, table, time } from './words.ts';

type Campaign = InWords<z.output<typeof CampaignSchema>>;

export interface ListOptions extends RemoteOptions {
  readonly status?: string;
  readonly search?: string;
  readonly sort?: string;
  readonly limit?: number;
  readonly offset?: number;
}

export async function listCampaigns(options: ListOptions): Promise<undefined> {
  const client = await connect(options);
  const { status, search, sort, limit, offset } = options;
  const shape = z.object({ data: z.array(CampaignSchema), total: z.int() });
  const { data, raw } = await client.ask({ path: '/api/v1/campaigns', query: { status, search, sort, limit, offset } }, shape);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  if (data.data.length === 0) {
    print('No campaigns. Make one with "whatsapp-sender campaigns create".');
    return;
  }
  const names = ['ID', 'NAME', 'STATUS', 'PEOPLE', 'SENT', 'DELIVERED', 'READ', 'FAILED', 'DONE'];
  print(table(names, data.data.map(row)));
  if (data.total > data.data.length)
    print(`\n${count(data.data.length)} of ${count(data.total)}; more with --limit and --offset.`);
}

function row(campaign: Campaign): string[] {
  const { total_recipients, messages_sent, messages_delivered, messages_read, messages_failed } = campaign;
  const figures = [total_recipients, messages_sent, messages_delivered, messages_read, messages_failed].map(count);
  return [String(campaign.id), shortened(campaign.name), campaign.status, ...figures, percent(campaign.progress_percentage)];
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

export async function showCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: pathOf(id) }, CampaignSchema);
  if (options.json === true) printJson(raw);
  else print(described(data));
}

function described(campaign: Campaign): string {
  return facts([
    ['Campaign', `${String(campaign.id)} - ${campaign.name}`],
    ['Description', campaign.description],
    ['Status', campaign.status],
    ['Why', campaign.pause_reason?.message],
    ['Attention', campaign.attention],
    ['Waiting', campaign.waiting_for],
    ['Mode', campaign.mode === 'sandbox' ? 'SANDBOX' : 'live'],
    [
      'Template',
      campaign.template_name === null ? 'not chosen yet' : `${campaign.template_name} (${campaign.template_language ?? ''})`,
    ],
    ['Mapping', Object.keys(campaign.mapping).length === 0 ? undefined : JSON.stringify(campaign.mapping)],
    ['People', count(campaign.total_recipients)],
    [
      'Batches',
      campaign.batch_size === null
        ? undefined
        : `${count(campaign.batch_size)} every ${duration(campaign.delay_between_batches)}`,
    ],
    ['Own ceiling', campaign.messages_per_second === null ? undefined : `${String(campaign.messages_per_second)} a second`],
    ['Scheduled', campaign.scheduled_at === null ? undefined : time(campaign.scheduled_at)],
    ['Started', campaign.started_at === null ? undefined : time(campaign.started_at)],
    ['Completed', campaign.completed_at === null ? undefined : time(campaign.completed_at)],
    ['Progress', percent(campaign.progress_percentage)],
    ['By status', statusesText(campaign.by_status)],
    ['Cost', `${money(campaign.actual_cost, campaign.currency)}${estimate(campaign.estimated_cost, campaign.currency)}`],
    ['Budget', campaign.budget === null ? undefined : `${campaign.budget} ${campaign.currency}`],
  ]);
}

function estimate(cost: number | null, currency: string): string {
  return cost === null ? '' : ` (estimated ${money(cost, currency)})`;
}

export function statusesText(byStatus: Readonly<Record<string, number>>): string | undefined {
  const filled = Object.entries(byStatus).filter(([, n]) => n > 0);
  return filled.length === 0 ? undefined : filled.map(([name, n]) => `${name} ${count(n)}`).join(', ');
}

export interface CreateOptions extends RemoteOptions {
  readonly name: string;
  readonly template?: string;
  readonly language?: string;
  readonly description?: string;
  readonly mapping?: Mapping;
  readonly batchSize?: number;
  readonly delay?: number;
  readonly rate?: number;
  readonly budget?: string;
  readonly at?: string;
}

export async function createCampaign(options: CreateOptions): Promise<undefined> {
  const client = await connect(options);
  const body = {
    name: options.name,
    template_name: options.template,
    template_language: options.language,
    description: options.description,
    mapping: options.mapping,
    batch_size: options.batchSize === 0 ? null : options.batchSize,
    delay_between_batches: options.delay,
    messages_per_second: options.rate,
    budget: options.budget,
    scheduled_at: options.at,
  };
  const { data, raw } = await client.ask({ method: 'POST', path: '/api/v1/campaigns', body }, ScheduledCampaign);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(described(data));
  print(`\nNow put people on it: whatsapp-sender campaigns upload ${String(data.id)} list.csv`);
  // What only the people's file will tell has just been said.
  warn(data.warnings.filter(({ code }) => code !== 'no_recipients' && code !== 'variable_unmapped'));
}

export async function startCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  await act(
    id,
    'start',
    options,
    (campaign) => `Started: ${people(campaign)}. Follow it with "whatsapp-sender campaigns watch ${String(id)}".`,
  );
}

export async function resumeCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  await act(id, 'resume', options, (campaign) => `Goes on: ${count(campaign.by_status.pending)} still to be sent.`);
}

export async function unscheduleCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  await act(id, 'unschedule', options, () => 'The schedule is taken back; the campaign is a draft again.');
}

export async function scheduleCampaign(id: number, at: string, options: RemoteOptions): Promise<undefined> {
  await act(id, 'schedule', options, (campaign) => `Scheduled for ${time(campaign.scheduled_at)}: ${people(campaign)}.`, {
    scheduled_at: at,
  });
}

async function act(
  id: number,
  verb: string,
  options: RemoteOptions,
  words: (campaign: Campaign) => string,
  body?: unknown,
): Promise<void> {
  const client = await connect(options);
  const shape = CampaignSchema.extend({ warnings: StartedCampaign.shape.warnings.default([]) });
  const { data, raw } = await client.ask({ method: 'POST', path: `${pathOf(id)}/${verb}`, body }, shape);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(words(data));
  warn(data.warnings);
}

/** What stands in the way although the server did what it was asked to. */
function warn(warnings: readonly { readonly message: string }[]): void {
  for (const { message } of warnings) print(`WARNING: ${message}`);
}

function people(campaign: Campaign): string {
  return many(campaign.total_recipients, 'person', 'people');
}

export async function pauseCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ method: 'POST', path: `${pathOf(id)}/pause` }, InFlightCampaign);
  if (options.json === true) printJson(raw);
  else
    print(
      `Paused: nothing new leaves. ${many(data.in_flight, 'message')} still in flight, ${count(data.by_status.pending)} waiting.`,
    );
}

export interface SureOptions extends RemoteOptions {
  readonly yes?: boolean;
}

export async function cancelCampaign(id: number, options: SureOptions): Promise<undefined> {
  const client = await connect(options);
  const { data: before } = await client.ask({ path: pathOf(id) }, CampaignSchema);
  await confirm(
    `Cancel "${before.name}" for good? ${many(before.by_status.pending, 'person', 'people')} will not be written to.`,
    options.yes,
  );
  const { data, raw } = await client.ask({ method: 'POST', path: `${pathOf(id)}/cancel` }, InFlightCampaign);
  if (options.json === true) printJson(raw);
  else
    print(
      `Cancelled. ${many(data.in_flight, 'message')} still in flight; ${count(data.messages_sent)} ${data.messages_sent === 1 ? 'was' : 'were'} sent.`,
    );
}

export async function deleteCampaign(id: number, options: SureOptions): Promise<undefined> {
  const client = await connect(options);
  const { data } = await client.ask({ path: pathOf(id) }, CampaignSchema);
  await confirm(`Delete "${data.name}" with its ${many(data.total_recipients, 'person', 'people')}?`, options.yes);
  await client.tell({ method: 'DELETE', path: pathOf(id) });
  if (options.json === true) printJson({ deleted: id });
  else print(`Deleted: ${data.name}.`);
}

export async function retryCampaign(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask(
    { method: 'POST', path: `${pathOf(id)}/retry` },
    CampaignSchema.extend({ retried: z.int() }),
  );
  if (options.json === true) printJson(raw);
  else if (data.retried === 0)
    print('Nothing to try again: none of the failures may be tried again now (see "campaigns stats").');
  else print(`${many(data.retried, 'message')} will be tried again.`);
}

export interface DecideOptions extends SureOptions {
  readonly resend?: boolean;
}

export async function decideUnknown(id: number, options: DecideOptions): Promise<undefined> {
  const client = await connect(options);
  const resend = options.resend === true;
  if (resend) {
    const { data } = await client.ask({ path: pathOf(id) }, CampaignSchema);
    await confirm(
      `Write again to ${many(data.by_status.unknown, 'person', 'people')} who may already have the message?`,
      options.yes,
    );
  }
  const body = { decision: resend ? 'resend' : 'close' };
  const { data, raw } = await client.ask({ method: 'POST', path: `${pathOf(id)}/resolve-unknown`, body }, DecidedCampaign);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  if (resend) print(`${many(data.decided, 'message')} will be sent again.`);
  else print(`${many(data.decided, 'message stays unknown and is', 'messages stay unknown and are')} closed.`);
  const { messages, last_at: last } = data.within_grace;
  if (messages > 0) print(`${many(messages, 'more')} may still be settled by a webhook; decide on them from ${time(last)} on.`);
}

export interface DuplicateOptions extends RemoteOptions {
  readonly name?: string;
}

export async function duplicateCampaign(id: number, options: DuplicateOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask(
    { method: 'POST', path: `${pathOf(id)}/duplicate`, body: { name: options.name } },
    CampaignSchema,
  );
  if (options.json === true) printJson(raw);
  else print(`Campaign ${String(data.id)} - ${data.name}: a draft with the same settings and without people.`);
}

export async function showPreflight(id: number, options: RemoteOptions): Promise<ExitCode> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: `${pathOf(id)}/preflight` }, PreflightSchema);
  if (options.json === true) {
    printJson(raw);
  } else {
    const mark = { red: 'STOP', yellow: 'look', green: 'ok' };
    for (const check of data.checks) print(`${mark[check.level].padEnd(4)}  ${check.message}`);
    const cost =
      data.estimated_cost === null || data.currency === null ? '' : `, about ${money(data.estimated_cost, data.currency)}`;
    print(
      `\n${many(data.recipients, 'person', 'people')}${cost}. ${data.ready ? 'It can be started.' : 'It cannot be started yet.'}`,
    );
  }
  return data.ready ? EXIT.ok : EXIT.failed;
}

export async function showStats(id: number, options: RemoteOptions): Promise<undefined> {
  const client = await connect(options);
  const { data, raw } = await client.ask({ path: `${pathOf(id)}/stats` }, StatsSchema);
  if (options.json === true) {
    printJson(raw);
    return;
  }
  print(
    facts([
      ['Status', data.status],
      ['Why', data.pause_reason?.message],
      ['People', count(data.total_recipients)],
      ['Progress', percent(data.progress_percentage)],
      ['By status', statusesText(data.by_status)],
      ['Sent', count(data.messages_sent)],
      ['Delivered', count(data.messages_delivered)],
      ['Read', count(data.messages_read)],
      ['Failed', count(data.messages_failed)],
      ['Success', data.success_rate === null ? undefined : percent(data.success_rate)],
      ['Rate', `${count(data.rate_per_minute)} a minute`],
      ['Number', standstill(data.pace)],
      ['Time left', data.eta_seconds === null ? undefined : duration(data.eta_seconds)],
      ['Still open', data.open_outcomes === 0 ? undefined : many(data.open_outcomes, 'outcome')],
      ['Cost', `${money(data.actual_cost, data.currency)}${estimate(data.estimated_cost, data.currency)}`],
      [
        'Duplicates',
        data.duplicate_incidents === 0
          ? undefined
          : `${count(data.duplicate_incidents)} possible (see the history of the people)`,
      ],
    ]),
  );
  if (data.failures.length > 0) print('\nFailures:');
  for (const failure of data.failures) {
    print(
      `  ${count(failure.count)} x ${String(failure.code)} ${failure.title}${failure.may_be_retried ? ' (may be tried again)' : ''}`,
    );
    print(`      ${failure.advice}`);
  }
}

const RecountShape = z.object({
  ok: z.boolean(),
  total_recipients: z.int(),
  differences: z.array(z.object({ counter: z.string(), counted: z.int(), recounted: z.int() })),
  rebuilt: z.boolean(),
  journal: z
    .object({
      statuses: z.int(),
      behind_total: z.int(),
      behind: z.array(z.object({ recipient_id: z.int(), attempt: z.int(), told: z.string(), box: z.string().nullable() })),
      replayed: z.int(),
    })
    .nullable(),
});

export interface AuditOptions extends RemoteOptions {
  readonly repair?: boolean;
}

/** The proof of the figures and of the counts by status. A difference that was found is a failure, also when it has been put right. */
export async function auditCampaign(id: number, options: AuditOptions): Promise<ExitCode> {
  const client = await connect(options);
  const { data, raw } = await client.ask(
    { method: options.repair === true ? 'POST' : 'GET', path: `${pathOf(id)}/recount`, query: { journal: 'true' } },
    RecountShape,
  );
  if (options.json === true) printJson(raw);
  else if (data.ok) print(provedLines(data));
  else print([...differenceLines(data), ...behindLines(data)].join('\n'));
  return data.ok ? EXIT.ok : EXIT.failed;
}

type Recount = InWords<z.output<typeof RecountShape>>;

function provedLines({ total_recipients: total, journal }: Recount): string {
  const counters = `Proved: every counter equals a count of the rows (${many(total, 'person', 'people')}).`;
  return `${counters}\nProved: nobody stands behind what Meta told (${many(journal?.statuses ?? 0, 'status', 'statuses')} in the journal).`;
}

function differenceLines({ differences, rebuilt }: Recount): string[] {
  if (differences.length === 0) return [];
  const rows = differences.map((d) => [d.counter, count(d.counted), count(d.recounted)]);
  return [
    table(['COUNTER', 'COUNTED', 'RECOUNTED'], rows),
    rebuilt
      ? '\nThe counters were put right.'
      : '\nThe counters differ from the rows. Put them right with --repair, and please report it.',
  ];
}

function behindLines({ journal }: Recount): string[] {
  if (journal === null || journal.behind_total === 0) return [];
  const rows = journal.behind.map((b) => [String(b.recipient_id), String(b.attempt), b.told, b.box ?? '-']);
  return [
    table(['RECIPIENT', 'ATTEMPT', 'TOLD BY META', 'BOX'], rows),
    journal.replayed > 0
      ? `\n${many(journal.replayed, 'webhook is', 'webhooks are')} applied once more.`
      : `\n${many(journal.behind_total, 'message stands', 'messages stand')} behind what Meta told. Apply it once more with --repair, and please report it.`,
  ];
}

export async function totalOf(client: Client, id: number): Promise<number> {
  return (await client.ask({ path: pathOf(id) }, CampaignSchema)).data.total_recipients;
}

export function pathOf(id: number): string {
  return `/api/v1/campaigns/${String(id)}`;
}
