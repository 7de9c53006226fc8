/**
 * One report of everything that would make a start fail or hurt, before anything leaves. Red blocks the start, yellow is told.
 * Reads only; the start locks the campaign and looks again at what may have changed in between.
 */

import type { Db, Sql } from '../lib/db/db.ts';
import { livingProcesses, workersAmong } from '../lib/jobs/processes.sql.ts';
import { type Sentence, say, together } from '../lib/words/sentence.ts';
import { type Campaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { noTallies, readTallies } from '../lifecycle/counters.sql.ts';
import { type Versions, versionsOf } from '../lifecycle/looked-at.ts';
import { OPEN_STATUSES } from '../lifecycle/message.ts';
import { readInstallation } from '../lifecycle/pause.sql.ts';
import type { Pace } from '../numbers/pace.ts';
import { type CostEstimate, type FlatPrice, marketOf, type RateCard } from '../pricing/rate-card.ts';
import { checkValues, type UploadFaults } from '../recipients/check-values.ts';
import { type PeopleFacts, type PublishedFile, peopleFacts } from '../recipients/people-facts.sql.ts';
import { effectiveMapping } from '../templates/effective-mapping.ts';
import type { Mapping } from '../templates/mapping.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import { listTemplates, templatesSynced } from '../templates/templates.sql.ts';
import { languageHelp, templateUsable, type UnusableCode } from '../templates/usable.ts';
import type { RunMode } from '../whatsapp/mode.ts';
import { accountChecks, accountObstacles } from './account-checks.ts';
import { type Check, passing, red, yellow } from './check.ts';
import { type RecentFact, recentWithTemplate } from './preflight.sql.ts';
import { marketsLeft, NO_MONEY, priceList } from './price-list.ts';
import { versionChecks } from './version-checks.ts';

/** What the use cases of a campaign need. */
export interface CampaignDeps {
  readonly db: Db;
  readonly mode: RunMode;
  /** The number and account this installation sends with. */
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** Of Graph, as it is set. */
  readonly graphVersion?: string | undefined;
  readonly defaults: {
    readonly batchSize: number | undefined;
    /** Seconds. */
    readonly delayBetweenBatches: number;
  };
  /** What a message costs at a time: COST_PER_MESSAGE, or the rate card then in force. */
  readonly price: (at: Date) => RateCard | FlatPrice;
  /** The next rate card that is known already. */
  readonly nextCard: (at: Date) => RateCard | undefined;
  readonly slot: number;
  /** The pace of a number as all processes have it; undefined when it is not this installation's, or cannot be had in a moment. */
  readonly paceOf: (phoneNumberId: string) => Promise<Pace | undefined>;
  /** A campaign may have something to send now: told to the queue after the commit. A crash in between is found by the periodic job. */
  readonly wake: (campaignIds: readonly number[]) => void;
  /** Campaigns were paused or cancelled: what is claimed but has not left is given back. */
  readonly recall: (campaignIds: readonly number[]) => void;
}

export interface Preflight {
  readonly ready: boolean;
  readonly checks: readonly Check[];
  /** The mapping a start would freeze: the campaign's own, with what can be guessed filled in. */
  readonly mapping: Mapping;
  readonly recipients: number;
  /** Of those who still wait. */
  readonly cost: CostEstimate | null;
  readonly nextCost: { readonly from: string; readonly micros: number } | null;
  /** Meta's JSON of the template, which a start would freeze. */
  readonly template: unknown;
  /** What was looked at and what a start would freeze; undefined while there is no template to look at. */
  readonly versions: Versions | undefined;
  /** The mapping leaves nothing open: there is a message to look at. */
  readonly isWhole: boolean;
}

export async function preflight(deps: CampaignDeps, campaign: Campaign): Promise<Preflight> {
  const { db } = deps;
  const people = await peopleFacts(db, campaign.id);
  const tallies = (await readTallies(db, [campaign.id])).get(campaign.id) ?? noTallies();
  const pending = OPEN_STATUSES.reduce((sum, status) => sum + tallies.byStatus[status], 0);
  const { template, checks: templateChecks } = await findTemplate(deps, db, campaign);
  const unserved = unservedPeople(people.countries, template?.category);
  const filled = template === undefined ? undefined : await contentChecks(deps, campaign, { template, people });
  const checks: Check[] = [
    ...(await houseChecks(deps, campaign)),
    ...(await accountChecks(db, deps, { category: template?.category, pending })),
    ...peopleChecks(pending, people),
    ...templateChecks,
    ...(filled?.checks ?? []),
    ...unserved.checks,
    ...(pending === 0 ? [] : recentChecks(await recentWithTemplate(db, campaign.id), pending)),
  ];
  const markets = without(await marketsLeft(deps, campaign, tallies), unserved.markets);
  const { cost, nextCost, moneyChecks } =
    template === undefined ? NO_MONEY : await priceList(deps, campaign, { markets, category: template.category, tallies });
  checks.push(...moneyChecks);
  return {
    ready: checks.every((check) => check.level !== 'red'),
    checks,
    mapping: filled?.mapping ?? {},
    recipients: pending,
    cost,
    nextCost,
    template: template?.raw,
    versions: filled?.versions,
    isWhole: filled?.isWhole ?? false,
  };
}

interface Content {
  readonly template: Template;
  readonly people: PeopleFacts;
}

/** What each message would say: the mapping, every row's values, and whether it is what was looked at. */
async function contentChecks(
  deps: CampaignDeps,
  campaign: Campaign,
  { template, people }: Content,
): Promise<{ checks: Check[]; mapping: Mapping; isWhole: boolean; versions: Versions }> {
  const { mapping, faults } = effectiveMapping(template, campaign.mapping, people.columns);
  const versions = await versionsOf(deps, campaign, { template, mapping });
  return {
    mapping,
    isWhole: faults.length === 0,
    versions,
    checks: [
      ...faults.map((fault) => red(fault.code, fault.message)),
      ...(faults.length > 0 ? fileDoubts(campaign.id, people) : []),
      ...(await valueChecks(deps, campaign, { template, mapping })),
      ...versionChecks(campaign.id, versions),
    ],
  };
}

async function houseChecks(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  const checks: Check[] = [];
  if ((await readInstallation(deps.db)).stopped_at !== null) checks.push(EVERYTHING_STOPPED);
  if (campaign.mode !== deps.mode) {
    const message =
      campaign.mode === 'sandbox' ? say('server.campaigns.campaign-made-sandbox') : say('server.campaigns.campaign-made-real');
    checks.push(red('wrong_mode', message));
  } else if (campaign.phone_number_id !== deps.phoneNumberId) {
    checks.push(
      red('wrong_number', say('server.campaigns.campaign-belongs-number', { phoneNumberId: campaign.phone_number_id })),
    );
  }
  checks.push(...(await sendingDoubts(deps)));
  return checks;
}

/** What will keep a started campaign from leaving, though it may be started: said with the answer to a start and a resume. */
export async function sendingDoubts(deps: CampaignDeps): Promise<Check[]> {
  if (workersAmong(await livingProcesses(deps.db)) > 0) return [];
  return [yellow('no_worker', say('server.campaigns.worker-running-nothing'))];
}

/** What would make a schedule fail at its time, as things stand: said with the answer to it, while there is time to mend it. */
export async function scheduleDoubts(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  return (await preflight(deps, campaign)).checks.filter((check) => check.level === 'red');
}

/** Rows that do not fit a mapping that has just been given: said with the answer to it. */
export async function valueDoubts(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  const people = await peopleFacts(deps.db, campaign.id);
  const { template } = await findTemplate(deps, deps.db, campaign);
  if (template === undefined || people.files.length === 0) return [];
  const { mapping } = effectiveMapping(template, campaign.mapping, people.columns);
  return valueChecks(deps, campaign, { template, mapping });
}

/** What keeps a schedule from starting for now and will be over: cheap enough to be asked every second. */
export async function passingObstacles(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  const { template, checks: templateChecks } = await findTemplate(deps, deps.db, campaign);
  const checks = [
    ...(await houseChecks(deps, campaign)),
    ...(await accountObstacles(deps.db, deps, template?.category)),
    ...listMoves(await peopleFacts(deps.db, campaign.id)),
    ...templateChecks,
  ];
  return checks.filter((check) => check.passes === true);
}

/** Files on their way to the list, or off it. */
function listMoves({ openUploads, removals }: Pick<PeopleFacts, 'openUploads' | 'removals'>): Check[] {
  const checks: Check[] = [];
  if (openUploads > 0) checks.push(passing('upload_in_progress', say('server.campaigns.file-still-being')));
  if (removals > 0) checks.push(passing('upload_being_removed', say('server.campaigns.file-still-being-taken')));
  return checks;
}

function peopleChecks(pending: number, people: PeopleFacts): Check[] {
  const checks = listMoves(people);
  if (pending === 0) checks.push(red('no_recipients', say('server.campaigns.send-upload-file')));
  else checks.push({ level: 'green', code: 'recipients', message: say('server.campaigns.will-written', { pending }) });
  return checks;
}

async function findTemplate(deps: CampaignDeps, sql: Sql, campaign: Campaign): Promise<{ template?: Template; checks: Check[] }> {
  const chosen = templateOf(campaign);
  if (chosen === undefined) return { checks: [red('no_template', say('server.campaigns.template-been-chosen'))] };
  const account = { mode: deps.mode, wabaId: deps.wabaId };
  if (!(await templatesSynced(sql, account))) return { checks: [NOT_SYNCED] };
  const found = await listTemplates(sql, account, { name: chosen.name });
  const stored = found.find((candidate) => candidate.language === chosen.language);
  if (stored === undefined) {
    const languages = found.map((candidate) => candidate.language);
    return { checks: [red('template_not_found', languageHelp(chosen.name, chosen.language, languages))] };
  }
  const parsed = parseTemplate(stored.raw);
  if (!parsed.ok) return { checks: [red('template_unreadable', parsed.error)] };
  const usable = templateUsable(parsed.template);
  const checks: Check[] = usable.ok ? [] : [{ ...red(usable.code, usable.message), passes: PASSING_STATES.has(usable.code) }];
  if (stored.quality === 'RED') checks.push(red('template_low_quality', say('server.campaigns.meta-rates-template')));
  if (stored.quality === 'YELLOW')
    checks.push(yellow('template_medium_quality', say('server.campaigns.meta-rates-template-medium')));
  checks.push(...categoryDoubts(parsed.template));
  return { template: parsed.template, checks };
}

/** Meta takes it for another category, and will move it there on the first of next month: its price and rules change with it. */
function categoryDoubts({ category, correctCategory }: Template): Check[] {
  if (correctCategory === undefined || correctCategory === category) return [];
  return [yellow('template_category_will_change', say('server.campaigns.meta-takes-template', { correctCategory, category }))];
}

/** Rows whose values do not fit, by upload and cause. Every row is looked at, once for each mapping. */
export async function valueChecks(
  { db }: Pick<CampaignDeps, 'db'>,
  campaign: Campaign,
  { template, mapping }: { readonly template: Template; readonly mapping: Mapping },
): Promise<Check[]> {
  const leavesAt = Math.max(Date.now(), campaign.status === 'scheduled' ? (campaign.scheduled_at?.getTime() ?? 0) : 0);
  const uploads = await checkValues({ db }, { campaignId: campaign.id, template, mapping, leavesAt });
  return uploads.flatMap((upload) => upload.faults.map((fault) => valueCheck(campaign.id, upload, fault)));
}

function valueCheck(campaignId: number, upload: UploadFaults, fault: UploadFaults['faults'][number]): Check {
  const { rows, lines, column, code } = fault;
  const values = {
    rows,
    upload: uploadName(upload),
    line: lines[0] ?? 0,
    column: column ?? '',
    removal: removalOf(campaignId, upload.upload_id),
  };
  if (code === 'value_missing') return red('values_missing', say('server.campaigns.values-missing', values));
  const others = `${lines.join(', ')}${rows > lines.length ? ', …' : ''}`;
  const why = lines.length > 1 ? together(fault.message, say('server.campaigns.fault-lines', { others })) : fault.message;
  return red('values_refused', say('server.campaigns.values-refused', { ...values, why }));
}

/** Meta refuses these people's messages whatever is done: they are told, and left out of the price. */
function unservedPeople(
  countries: Readonly<Record<string, number>>,
  category: string | undefined,
): { readonly checks: Check[]; readonly markets: ReadonlyMap<string, number> } {
  const checks: Check[] = [];
  const markets = new Map<string, number>();
  const leaveOut = (market: string, count: number): void => {
    markets.set(market, (markets.get(market) ?? 0) + count);
  };
  const us = category === 'MARKETING' ? (countries['US'] ?? 0) : 0;
  if (us > 0) {
    leaveOut(marketOf('12025550100'), us);
    checks.push(yellow('us_marketing', say('server.campaigns.united-states-where', { us })));
  }
  const blocked = Object.entries(UNSERVED).filter(([country]) => (countries[country] ?? 0) > 0);
  for (const [country, code] of blocked) leaveOut(marketOf(code), countries[country] ?? 0);
  if (blocked.length > 0) {
    const each = blocked.map(([country]) => `${country} ${String(countries[country] ?? 0)}`).join(', ');
    const total = blocked.reduce((sum, [country]) => sum + (countries[country] ?? 0), 0);
    checks.push(yellow('country_not_served', say('server.campaigns.countries-meta-does', { total, each })));
  }
  return { checks, markets };
}

/** Countries Meta does not serve, with their calling codes. (Crimea, Donetsk and Luhansk share theirs with others.) */
const UNSERVED: Readonly<Record<string, string>> = { CU: '53', IR: '98', KP: '850', SY: '963' };

function without(markets: ReadonlyMap<string, number>, left: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...markets].map(([market, n]) => [market, Math.max(0, n - (left.get(market) ?? 0))]));
}

/** People who have got this very template lately: a duplicate of a campaign, or its export uploaded again. */
function recentChecks({ people, first_at: at, campaign_id: id }: RecentFact, pending: number): Check[] {
  if (people === 0 || at === null || id === null) return [];
  return [
    yellow('recent_same_template', say('server.campaigns.these-got-template', { people, pending, at: at.toISOString(), id })),
  ];
}

/** Told beside faults of the mapping: only what every file has can be mapped, and the files may be the reason. */
function fileDoubts(campaignId: number, { files, columns }: PeopleFacts): Check[] {
  if (files.every((file) => file.columns.length === columns.length)) return [];
  const each = files.map((file) =>
    say('server.campaigns.file-has', { file: uploadName(file), columns: file.columns.join(', ') }),
  );
  const last = files.at(-1)?.upload_id ?? 0;
  const values = {
    common: columns.join(', '),
    some: columns.length === 0 ? 'no' : 'yes',
    each,
    removal: removalOf(campaignId, last),
  };
  return [yellow('files_differ', say('server.campaigns.files-differ', values))];
}

function uploadName({ upload_id: id, filename }: Pick<PublishedFile, 'upload_id' | 'filename'>): Sentence {
  return filename === null ? say('server.campaigns.upload', { id }) : say('server.campaigns.upload-named', { id, filename });
}

function removalOf(campaignId: number, uploadId: number): string {
  return `DELETE /api/v1/campaigns/${String(campaignId)}/uploads/${String(uploadId)}`;
}

/** Meta ends these by itself. */
const PASSING_STATES: ReadonlySet<string> = new Set<UnusableCode>(['template_pending', 'template_paused', 'template_in_appeal']);

const NOT_SYNCED = passing('templates_not_synced', say('server.campaigns.template-account-known'));

export const EVERYTHING_STOPPED = passing('everything_stopped', say('server.campaigns.everything-stopped-purpose'));
