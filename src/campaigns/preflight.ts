/**
 * One report of everything that would make a start fail or hurt, before anything leaves. Red blocks the start, yellow is told.
 * Reads only; the start locks the campaign and looks again at what may have changed in between.
 */

import type { Sql } from '../lib/db/db.ts';
import { many } from '../lib/plural.ts';
import type { Campaign } from '../lifecycle/campaign.sql.ts';
import { templateOf } from '../lifecycle/campaign.ts';
import { noTallies, readTallies } from '../lifecycle/counters.sql.ts';
import { OPEN_STATUSES } from '../lifecycle/message.ts';
import { readInstallation } from '../lifecycle/pause.sql.ts';
import { estimate } from '../pricing/rate-card.ts';
import { checkMapping } from '../templates/check-mapping.ts';
import { guessMapping } from '../templates/guess-mapping.ts';
import { isConstant, type Mapping, parseMapping } from '../templates/mapping.ts';
import { parseTemplate, type Template } from '../templates/template.ts';
import { listTemplates, templatesSynced } from '../templates/templates.sql.ts';
import { languageHelp, templateUsable, type UnusableCode } from '../templates/usable.ts';
import { templateVariables } from '../templates/variables.ts';
import type { CampaignDeps } from './deps.ts';
import { type PeopleFacts, type PublishedFile, peopleFacts, unfilledColumns, workersAlive } from './preflight.sql.ts';

export interface Check {
  readonly level: 'red' | 'yellow' | 'green';
  readonly code: string;
  readonly message: string;
  /** Red for now: it goes away without anybody changing the campaign. */
  readonly passes?: boolean;
}

export interface Preflight {
  readonly ready: boolean;
  readonly checks: readonly Check[];
  /** The mapping a start would freeze: the campaign's own, with what can be guessed filled in. */
  readonly mapping: Mapping;
  readonly recipients: number;
  readonly cost: ReturnType<typeof estimate> | null;
  /** Meta's JSON of the template, which a start would freeze. */
  readonly template: unknown;
}

export async function preflight(deps: CampaignDeps, campaign: Campaign): Promise<Preflight> {
  const { db } = deps;
  const people = await peopleFacts(db, campaign.id);
  const tallies = (await readTallies(db, [campaign.id])).get(campaign.id) ?? noTallies();
  const pending = OPEN_STATUSES.reduce((sum, status) => sum + tallies.byStatus[status], 0);
  const { template, checks: templateChecks } = await findTemplate(deps, db, campaign);
  const mapped = template === undefined ? undefined : mappingFor(template, campaign.mapping, people.columns);
  const checks: Check[] = [
    ...(await houseChecks(deps, campaign)),
    ...peopleChecks(pending, people),
    ...templateChecks,
    ...(mapped?.checks ?? []),
    ...((mapped?.checks.length ?? 0) > 0 ? fileDoubts(campaign.id, people) : []),
    ...(template === undefined || mapped === undefined ? [] : await valueChecks(db, campaign, template, mapped.mapping)),
  ];
  const cost = template === undefined ? null : estimateCost(deps, tallies.markets, template.category);
  return {
    ready: checks.every((check) => check.level !== 'red'),
    checks,
    mapping: mapped?.mapping ?? {},
    recipients: pending,
    cost,
    template: template?.raw,
  };
}

function estimateCost(deps: CampaignDeps, markets: ReadonlyMap<string, number>, category: string): ReturnType<typeof estimate> {
  return estimate(Object.fromEntries(markets), category, deps.price(new Date()));
}

async function houseChecks(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  const checks: Check[] = [];
  if ((await readInstallation(deps.db)).stopped_at !== null) checks.push(EVERYTHING_STOPPED);
  if (campaign.mode !== deps.mode) {
    const message =
      campaign.mode === 'sandbox'
        ? 'This campaign was made in sandbox mode and stays there: it is never sent for real. Duplicate it to send it live.'
        : 'This campaign was made for real sending, but no WhatsApp credentials are set now. Put them into .env and restart.';
    checks.push(red('wrong_mode', message));
  } else if (campaign.phone_number_id !== deps.phoneNumberId) {
    checks.push(
      red(
        'wrong_number',
        `This campaign belongs to the number ${campaign.phone_number_id}, which is not configured now. Duplicate it to send it from the current one.`,
      ),
    );
  }
  checks.push(...(await sendingDoubts(deps)));
  return checks;
}

/** What will keep a started campaign from leaving, though it may be started: said with the answer to a start and a resume. */
export async function sendingDoubts(deps: CampaignDeps): Promise<Check[]> {
  if ((await workersAlive(deps.db, 30)) > 0) return [];
  return [yellow('no_worker', 'No worker is running, so nothing will leave until one is started (whatsapp-sender worker).')];
}

/** What would make a schedule fail at its time, as things stand: said with the answer to it, while there is time to mend it. */
export async function scheduleDoubts(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  return (await preflight(deps, campaign)).checks.filter((check) => check.level === 'red');
}

/** What keeps a schedule from starting for now and will be over: cheap enough to be asked every second. */
export async function passingObstacles(deps: CampaignDeps, campaign: Campaign): Promise<Check[]> {
  const checks = [
    ...(await houseChecks(deps, campaign)),
    ...listMoves(await peopleFacts(deps.db, campaign.id)),
    ...(await findTemplate(deps, deps.db, campaign)).checks,
  ];
  return checks.filter((check) => check.passes === true);
}

/** Files on their way to the list, or off it. */
function listMoves({ openUploads, removals }: Pick<PeopleFacts, 'openUploads' | 'removals'>): Check[] {
  const checks: Check[] = [];
  if (openUploads > 0) checks.push(passing('upload_in_progress', 'A file is still being uploaded. Wait until it has finished.'));
  if (removals > 0)
    checks.push(passing('upload_being_removed', 'A file is still being taken off the list. Wait until that has finished.'));
  return checks;
}

function peopleChecks(pending: number, people: PeopleFacts): Check[] {
  const checks = listMoves(people);
  if (pending === 0) checks.push(red('no_recipients', 'There is nobody to send to. Upload a file with recipients first.'));
  else checks.push({ level: 'green', code: 'recipients', message: `${many(pending, 'person', 'people')} will be written to.` });
  return checks;
}

async function findTemplate(deps: CampaignDeps, sql: Sql, campaign: Campaign): Promise<{ template?: Template; checks: Check[] }> {
  const chosen = templateOf(campaign);
  if (chosen === undefined)
    return { checks: [red('no_template', 'No template has been chosen yet. Set template_name and template_language.')] };
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
  if (stored.quality === 'RED')
    checks.push(
      red('template_low_quality', 'Meta rates this template as low quality: it is about to be paused. Use another one.'),
    );
  if (stored.quality === 'YELLOW')
    checks.push(yellow('template_medium_quality', 'Meta rates this template as medium quality: people block or report it.'));
  return { template: parsed.template, checks };
}

/** The campaign's own mapping, with what it leaves open guessed from the names of the columns. */
export function mappingFor(template: Template, own: unknown, columns: readonly string[]): { mapping: Mapping; checks: Check[] } {
  const parsed = parseMapping(own);
  if (!parsed.ok) return { mapping: {}, checks: parsed.faults.map((fault) => red(fault.code, fault.message)) };
  const mapping = { ...guessMapping(template, columns), ...parsed.mapping };
  return { mapping, checks: checkMapping(template, mapping, columns).map((fault) => red(fault.code, fault.message)) };
}

async function valueChecks(sql: Sql, campaign: Campaign, template: Template, mapping: Mapping): Promise<Check[]> {
  const required = templateVariables(template).filter((variable) => variable.required);
  const columns = new Set<string>();
  for (const variable of required) {
    const source = mapping[variable.key];
    if (source !== undefined && !isConstant(source)) columns.add(source.column);
  }
  const empty = await unfilledColumns(sql, campaign.id, [...columns]);
  return empty.map((gap) => {
    const who = many(gap.rows, 'person', 'people');
    const where = `${uploadName(gap)}, ${gap.rows === 1 ? 'line' : 'first in line'} ${String(gap.first_row)}`;
    const message = `${who} of ${where}, ${gap.rows === 1 ? 'has' : 'have'} no value in "${gap.column}". Map the variable to another column or a fixed text; or remove that upload (${removalOf(campaign.id, gap.upload_id)}), fill the column and upload the file again.`;
    return red('values_missing', message);
  });
}

/** Told beside faults of the mapping: only what every file has can be mapped, and the files may be the reason. */
function fileDoubts(campaignId: number, { files, columns }: PeopleFacts): Check[] {
  if (files.every((file) => file.columns.length === columns.length)) return [];
  const each = files.map((file) => `${uploadName(file)} has ${file.columns.join(', ')}`).join('; ');
  const common = columns.length === 0 ? 'none' : columns.join(', ');
  const last = files.at(-1)?.upload_id ?? 0;
  const message = `The uploaded files have different columns, and only those that all of them have can be mapped (${common}): ${each}. Remove the one that does not fit (${removalOf(campaignId, last)}), give its columns the names of the others and upload it again.`;
  return [yellow('files_differ', message)];
}

function uploadName({ upload_id: id, filename }: Pick<PublishedFile, 'upload_id' | 'filename'>): string {
  return `upload ${String(id)}${filename === null ? '' : ` (${filename})`}`;
}

function removalOf(campaignId: number, uploadId: number): string {
  return `DELETE /api/v1/campaigns/${String(campaignId)}/uploads/${String(uploadId)}`;
}

/** Meta ends these by itself. */
const PASSING_STATES: ReadonlySet<string> = new Set<UnusableCode>(['template_pending', 'template_paused', 'template_in_appeal']);

const NOT_SYNCED = passing(
  'templates_not_synced',
  'No template of this account is known yet. They are fetched from Meta by themselves; synchronise them to see what keeps it.',
);

export const EVERYTHING_STOPPED = passing('everything_stopped', 'Everything was stopped on purpose. Lift the stop first.');

function passing(code: string, message: string): Check {
  return { ...red(code, message), passes: true };
}

function red(code: string, message: string): Check {
  return { level: 'red', code, message };
}

function yellow(code: string, message: string): Check {
  return { level: 'yellow', code, message };
}
