import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../lib/api.ts';

/** The number, its pace, what is stopped and what is wrong: for the bar above every screen. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/status', { signal })),
  refetchInterval: 5_000,
});
