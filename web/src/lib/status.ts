import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, ask } from './api.ts';
import { facts } from './facts.ts';

/** The number, its pace, what is stopped, what is wrong and what waits for somebody: kept fresh by the shell, for every screen. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/status', { signal })),
});

/** Under whose name the messages arrive. */
export function useSenderName(): string {
  const number = useQuery(statusQuery).data?.number;
  return number?.verified_name ?? number?.display_phone_number ?? facts.name;
}
