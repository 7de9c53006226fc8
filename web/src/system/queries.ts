import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../lib/api.ts';

const FRESH_MS = 10_000;

export const alarmsQuery = queryOptions({
  queryKey: ['status', 'alarms'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/alarms', { signal })),
  refetchInterval: FRESH_MS,
});

/** Campaigns that stand still and wait for somebody. */
export const standingQuery = queryOptions({
  queryKey: ['campaigns', 'list', 'standing'],
  queryFn: ({ signal }) =>
    ask(api.GET('/api/v1/campaigns', { signal, params: { query: { status: 'paused,scheduled,running', limit: 200 } } })),
  refetchInterval: FRESH_MS,
});
