import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../lib/api.ts';
import { type ListSearch, PAGE_SIZE, STATES } from './list-search.ts';

/** Kept true by the stream of all campaigns (lib/live.ts). */
export function listQuery({ tab, search, sort, page = 1 }: ListSearch) {
  const query = {
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
    ...(tab === undefined ? {} : { status: STATES[tab] }),
    ...(search === undefined ? {} : { search }),
    ...(sort === undefined ? {} : { sort: sort as '-created_at' }),
  };
  return queryOptions({
    queryKey: ['campaigns', 'list', query],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns', { signal, params: { query } })),
    // Another page or filter: what was there stays until the new is.
    placeholderData: keepPreviousData,
  });
}

/** What a campaign is; its moving figures are in statsQuery. */
export function campaignQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}', { signal, params: { path: { id } } })),
  });
}

/** Kept true by the campaign's own stream while it is open (useLiveCampaign). */
export function statsQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'stats'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}/stats', { signal, params: { path: { id } } })),
  });
}

const CHART_MS = 10_000;

/** By minute; asked for again while messages move. */
export function chartQuery(id: number, isMoving: boolean) {
  return queryOptions({
    queryKey: ['campaigns', id, 'chart'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}/chart', { signal, params: { path: { id } } })),
    refetchInterval: isMoving ? CHART_MS : false,
  });
}
