import { z } from 'zod';
import { ByStatusSchema } from '../campaigns/schema.ts';
import { type Actor, actorOf, requireRight } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { oneAtATime } from '../lib/http/one-at-a-time.ts';
import { CampaignParams } from '../lib/http/schemas.ts';
import { say } from '../lib/words/sentence.ts';
import { MESSAGE_STATUSES } from '../lifecycle/message.ts';
import { type Recount, type RecountDeps, rebuildCounters, recountCounters } from './recount.ts';
import { type JournalRecount, recountJournal, replayJournal } from './recount-journal.ts';

const RecountQuery = z.object({
  journal: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Also against the journal: whatever Meta told of a message, it stands in that box or a later one'),
});

const RecountSchema = z.object({
  campaign_id: z.int(),
  ok: z.boolean().describe('Every counter equals the count of the rows, and no message stands behind the journal'),
  total_recipients: z.int(),
  by_status: ByStatusSchema,
  differences: z.array(z.object({ counter: z.string(), counted: z.int(), recounted: z.int() })),
  rebuilt: z.boolean(),
  journal: z
    .object({
      webhooks: z.int().describe('Applied ones that speak of this campaign'),
      statuses: z.int(),
      strangers: z
        .int()
        .describe('Statuses that name these messages and are of others: of a life of this database that a restore ended'),
      behind_total: z.int(),
      behind: z
        .array(
          z.object({
            recipient_id: z.int(),
            attempt: z.int(),
            told: z.enum(MESSAGE_STATUSES),
            box: z.enum(MESSAGE_STATUSES).nullable(),
          }),
        )
        .describe('Messages that stand before what Meta told of them; the first hundred'),
      replayed: z.int().describe('Webhooks that were put back to be applied once more'),
    })
    .nullable()
    .describe('Null unless asked for'),
});

interface Wanted {
  readonly id: number;
  readonly journal: boolean;
}

export function recountRoutes(app: App, deps: RecountDeps): void {
  const counting = oneAtATime(say('server.operations.recount'));

  app.get(
    '/api/v1/campaigns/:id/recount',
    {
      config: { access: 'read' },
      schema: {
        tags: ['campaigns'],
        summary: 'Proof of the figures: counters against a count of the rows, in one snapshot',
        description:
          'Takes as long as the campaign is large. With the journal it takes as long as that is, and needs the right `admin`. One at a time.',
        params: CampaignParams,
        querystring: RecountQuery,
        response: { 200: RecountSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { journal } = request.query;
      if (journal) requireRight(actorOf(request), 'admin', say('server.operations.recount-journal'));
      return counting(id, reply, () => recountCampaign(deps, { id, journal }));
    },
  );

  app.post(
    '/api/v1/campaigns/:id/recount',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['campaigns'],
        summary: 'Recount, and put right what is wrong',
        params: CampaignParams,
        querystring: RecountQuery,
        response: { 200: RecountSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { journal } = request.query;
      return counting(id, reply, () => repairCampaign(deps, { id, journal }, actorOf(request)));
    },
  );
}

async function recountCampaign(deps: RecountDeps, { id, journal }: Wanted): Promise<z.output<typeof RecountSchema>> {
  const counters = await recountCounters(deps, id);
  return present(counters, journal ? await recountJournal(deps, id) : null);
}

async function repairCampaign(deps: RecountDeps, { id, journal }: Wanted, actor: Actor): Promise<z.output<typeof RecountSchema>> {
  const counters = await rebuildCounters(deps, id, actor);
  return present(counters, journal ? await replayJournal(deps, id, actor) : null);
}

function present(counters: Recount, journal: JournalRecount | null): z.output<typeof RecountSchema> {
  return {
    ...counters,
    ok: counters.ok && (journal?.behind_total ?? 0) === 0,
    differences: [...counters.differences],
    journal: journal === null ? null : { ...journal, behind: [...journal.behind] },
  };
}
