/**
 * `campaigns watch`: the campaign as it happens. The stream tells whole states, so a connection that breaks costs nothing: it is
 * opened again and begins with the state of that moment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { StatsSchema } from '../campaigns/schema.ts';
import { pathOf, statusesText } from './campaigns.ts';
import { type Client, connect } from './client.ts';
import { readEvents } from './event-stream.ts';
import { CliError, EXIT, type ExitCode } from './exit.ts';
import { interruptible } from './signals.ts';
import type { RemoteOptions } from './target.ts';
import { type Display, jsonLines, liveBars, plainLines, type Stats } from './watch-display.ts';
import { count, money, percent } from './words.ts';

export interface WatchOptions extends RemoteOptions {
  readonly settled?: boolean;
  readonly throughPauses?: boolean;
}

const RECONNECT_MS = 1_000;
const MAX_RECONNECTS = 60;

export async function watchCampaign(id: number, options: WatchOptions): Promise<ExitCode> {
  const client = await connect(options);
  // A campaign that is not there is said at once, by name.
  const { data: first } = await client.ask({ path: `${pathOf(id)}/stats` }, StatsSchema);
  const display = options.json === true ? jsonLines() : process.stderr.isTTY ? liveBars() : plainLines();
  const stop = interruptible();
  try {
    const last = isOver(first, options) ? first : await follow(client, id, options, display, stop.signal);
    display.show(last);
    display.end();
    if (options.json !== true) process.stdout.write(`${summary(last)}\n`);
    return last.status === 'completed' ? EXIT.ok : EXIT.failed;
  } catch (error) {
    display.end();
    if (stop.signal.aborted) throw new CliError('Stopped watching; the campaign is not touched by that.', EXIT.interrupted);
    throw error;
  } finally {
    stop.release();
  }
}

/** A pause ends it too: who waits for an end, a script at night say, must not wait for ever. */
function isOver(stats: Stats, { settled, throughPauses }: WatchOptions): boolean {
  if (stats.status === 'failed') return true;
  if (stats.status === 'paused') return throughPauses !== true && stats.by_status.sending === 0;
  if (stats.status !== 'completed' && stats.status !== 'cancelled') return false;
  return settled === true ? stats.settled_at !== null : stats.by_status.sending === 0;
}

async function follow(client: Client, id: number, options: WatchOptions, display: Display, signal: AbortSignal): Promise<Stats> {
  for (let broken = 0; ; broken++) {
    try {
      const body = await client.stream(`/api/v1/events/campaigns/${String(id)}/stream`, { accept: 'text/event-stream' }, signal);
      for await (const data of readEvents(body)) {
        const stats = StatsSchema.parse(JSON.parse(data)) as Stats;
        broken = 0;
        if (isOver(stats, options)) {
          body.destroy();
          return stats;
        }
        display.show(stats);
      }
    } catch (error) {
      if (signal.aborted || broken >= MAX_RECONNECTS || (error instanceof CliError && error.exitCode !== EXIT.unreachable))
        throw error;
    }
    if (broken >= MAX_RECONNECTS)
      throw new CliError(`The server at ${client.url} ends the stream again and again.`, EXIT.unreachable);
    if (broken === 0) display.note('The connection broke; trying again …');
    await sleep(RECONNECT_MS, undefined, { signal });
  }
}

function summary(stats: Stats): string {
  const delivered = stats.success_rate === null ? '' : ` ${percent(stats.success_rate)} of what was sent is delivered so far.`;
  const open = stats.open_outcomes === 0 ? '' : ` ${count(stats.open_outcomes)} may still move.`;
  const why = stats.pause_reason === null ? '' : ` ${stats.pause_reason.message}`;
  const statuses = statusesText(stats.by_status) ?? 'nobody on it';
  return `${capital(stats.status)}: ${statuses}.${delivered}${open} Cost ${money(stats.actual_cost, stats.currency)}.${why}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
