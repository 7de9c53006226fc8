/** Recounts all the time: the counters against the rows, each time in one snapshot. */

import type { JsonApi } from '../../src/cli/drill/api.ts';
import { byStatusOf, listOf } from '../../src/cli/drill/facts.ts';
import { openPostgres } from '../../src/lib/db/postgres.ts';
import { noTallies, readTallies, recount } from '../../src/lifecycle/counters.sql.ts';
import { MESSAGE_STATUSES } from '../../src/lifecycle/message.ts';
import { compareTallies } from '../../src/operations/recount.ts';

export interface Sampler {
  readonly samples: number;
  readonly differences: readonly string[];
  stop(): Promise<void>;
}

interface Looker {
  look(): Promise<string[]>;
  close(): Promise<void>;
}

export function startSampler(options: {
  readonly databaseUrl?: string | undefined;
  readonly api: JsonApi;
  readonly everyMs: number;
}): Sampler {
  const looker = options.databaseUrl === undefined ? throughApi(options.api) : throughDatabase(options.databaseUrl);
  const differences: string[] = [];
  let samples = 0;
  let stopped = false;
  let ended: Promise<void> | undefined;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        const found = await looker.look();
        samples++;
        if (differences.length < 50) differences.push(...found);
      } catch {
        // What it looks at is dead at the moment.
      }
      await new Promise((resolve) => setTimeout(resolve, options.everyMs));
    }
  };
  const running = loop();
  return {
    get samples() {
      return samples;
    },
    differences,
    stop: () =>
      (ended ??= (async () => {
        stopped = true;
        await running;
        await looker.close();
      })()),
  };
}

function throughDatabase(url: string): Looker {
  const db = openPostgres({ connectionString: url, max: 1 });
  return {
    look: () =>
      db.tx(async (sql) => {
        // Those that move, and one of the old ones.
        const { rows } = await sql.query<{ id: number; people: number }>(
          `select c.id, (select count(*) from recipients r where r.campaign_id = c.id and r.id <= c.published_through) as people
           from campaigns c
           where c.status in ('running', 'paused') or coalesce(c.completed_at, c.cancelled_at) > clock_timestamp() - interval '10 seconds'
              or c.id = (select id from campaigns order by random() limit 1)`,
        );
        const found: string[] = [];
        const counted = await readTallies(
          sql,
          rows.map((row) => row.id),
        );
        for (const { id, people } of rows) {
          const truth = await recount(sql, id);
          const tallies = counted.get(id) ?? noTallies();
          for (const { counter, counted: said, recounted } of compareTallies(tallies, truth))
            found.push(`campaign ${String(id)} ${counter}: ${String(said)} counted, ${String(recounted)} there`);
          for (const status of MESSAGE_STATUSES) {
            if (tallies.byStatus[status] < 0) found.push(`campaign ${String(id)}: ${String(tallies.byStatus[status])} ${status}`);
          }
          const sum = MESSAGE_STATUSES.reduce((total, status) => total + tallies.byStatus[status], 0);
          if (sum !== people) found.push(`campaign ${String(id)}: the statuses hold ${String(sum)}, the list ${String(people)}`);
        }
        return found;
      }, 'repeatable read'),
    close: () => db.close(),
  };
}

function throughApi(api: JsonApi): Looker {
  return {
    async look() {
      const { json } = await api.call('GET', '/api/v1/campaigns?limit=5&sort=-created_at');
      const found: string[] = [];
      for (const { id, by_status: byStatus } of listOf(json['data'])) {
        for (const [status, n] of Object.entries(byStatusOf(byStatus))) {
          if (n < 0) found.push(`campaign ${String(id)}: ${String(n)} ${status}`);
        }
        const audit = await api.call('GET', `/api/v1/campaigns/${String(id)}/recount`);
        if (audit.status === 200 && audit.json['ok'] !== true)
          found.push(`campaign ${String(id)}: ${JSON.stringify(audit.json['differences'])}`);
      }
      return found;
    },
    close: () => Promise.resolve(),
  };
}
