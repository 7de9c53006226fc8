import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../lib/api.ts';
import type { OptOutsSearch } from './opt-outs-search.ts';

export type OptOut = Schemas['OptOut'];

export const PAGE_SIZE = 50;

export function optOutsQuery({ scope, phone, page = 1 }: OptOutsSearch) {
  const query = {
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
    ...(scope === undefined ? {} : { scope }),
    ...(phone === undefined ? {} : { phone }),
  };
  return queryOptions({
    queryKey: ['opt-outs', 'list', query],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/opt-outs', { signal, params: { query } })),
    placeholderData: keepPreviousData,
  });
}

/** All that was ever said about writing to one person: the proof. */
export function trailQuery(phone: string) {
  return queryOptions({
    queryKey: ['opt-outs', 'trail', phone],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/opt-outs/{phone}/trail', { signal, params: { path: { phone } } })),
  });
}
