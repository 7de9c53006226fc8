import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../lib/api.ts';
import type { RepliesSearch } from './replies-search.ts';

export type Reply = Schemas['Reply'];

export const PAGE_SIZE = 50;
/** People write at any time. */
const FRESH_MS = 5_000;
/** As many are decided on one screen; what is left comes after them. */
const TO_DECIDE = 20;

export function repliesQuery({ tab, search, campaign, page = 1 }: RepliesSearch) {
  const query = {
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
    ...(tab === 'unread' ? { unread: 'true' as const } : {}),
    ...(tab === 'out' ? { opted_out: 'true' as const } : {}),
    ...(tab === 'doubtful' ? { doubtful: 'true' as const } : {}),
    ...(search === undefined ? {} : { search }),
    ...(campaign === undefined ? {} : { campaign_id: campaign }),
  };
  return queryOptions({
    queryKey: ['replies', 'list', query],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/replies', { signal, params: { query } })),
    placeholderData: keepPreviousData,
    refetchInterval: FRESH_MS,
  });
}

/** What waits for a decision, whatever else is looked for. */
export const doubtfulQuery = queryOptions({
  queryKey: ['replies', 'doubtful'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/replies', { signal, params: { query: { doubtful: 'true', limit: TO_DECIDE } } })),
  refetchInterval: FRESH_MS,
});

/** All that this person ever wrote, the newest first. */
export function conversationQuery(phone: string) {
  return queryOptions({
    queryKey: ['replies', 'of', phone],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/replies', { signal, params: { query: { phone, limit: 100 } } })),
    refetchInterval: FRESH_MS,
  });
}

/** The message that was answered, as this person got it. */
export function answeredQuery(campaignId: number, recipientId: number) {
  return queryOptions({
    queryKey: ['campaigns', campaignId, 'preview', recipientId],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/preview', {
          signal,
          params: { path: { id: campaignId }, query: { recipient_id: recipientId } },
        }),
      ),
    retry: false,
  });
}
