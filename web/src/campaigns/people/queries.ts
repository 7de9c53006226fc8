import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../../lib/api.ts';
import type { OneSearch } from '../one-search.ts';
import { readFind } from './find.ts';

const PAGE = 200;

/** Page after page, by cursor: a place in a list that moves is never lost and nobody comes twice. */
export function peopleQuery(id: number, { status, error_code: code, find }: OneSearch) {
  const filter = {
    limit: PAGE,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { error_code: code }),
    ...readFind(find ?? ''),
  };
  return infiniteQueryOptions({
    queryKey: ['campaigns', id, 'people', filter],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/recipients', {
          signal,
          params: { path: { id }, query: pageParam === null ? filter : { ...filter, cursor: pageParam } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

const STORY_MS = 5_000;

/** One person's whole story; asked for again while it may go on. */
export function storyQuery(id: number, recipientId: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'people', recipientId],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/recipients/{recipient_id}', {
          signal,
          params: { path: { id, recipient_id: recipientId } },
        }),
      ),
    refetchInterval: STORY_MS,
  });
}

/** The message as this person got it, or will. */
export function bubbleQuery(id: number, recipientId: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'preview', recipientId],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/campaigns/{id}/preview', { signal, params: { path: { id }, query: { recipient_id: recipientId } } })),
  });
}
