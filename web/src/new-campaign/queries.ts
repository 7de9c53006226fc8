import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, ask } from '../lib/api.ts';

export function campaignQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}', { signal, params: { path: { id } } })),
  });
}

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'all'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/templates', { signal })),
  staleTime: 30_000,
});

export function uploadsQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'uploads'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}/uploads', { signal, params: { path: { id } } })),
  });
}

/** A file that has been read and is on no list yet. Asked again while somebody else reads it. */
export function dryRunQuery(id: number, uploadId: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'dry-run', uploadId],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/uploads/{upload_id}', {
          signal,
          params: { path: { id, upload_id: uploadId } },
        }),
      ),
    refetchInterval: ({ state }) =>
      state.data !== undefined && ['receiving', 'reading', 'publishing'].includes(state.data.status) ? 1_000 : false,
  });
}

export type RowKind = 'invalid' | 'duplicate' | 'suppressed';

/** Mended rows stay where they are until the file is read again: what one has just corrected does not vanish under the cursor. */
export function rowsQuery({ id, uploadId, kind }: { readonly id: number; readonly uploadId: number; readonly kind: RowKind }) {
  return infiniteQueryOptions({
    queryKey: ['campaigns', id, 'dry-run', uploadId, 'rows', kind],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/uploads/{upload_id}/rows', {
          signal,
          params: {
            path: { id, upload_id: uploadId },
            query: { kind, limit: 25, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What would block or hurt a start. Whoever asks has looked at it: that version may be sent. */
export function preflightQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'preflight'],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}/preflight', { signal, params: { path: { id } } })),
  });
}

/** The first people of the list, to look at their messages. */
export function peopleQuery(id: number) {
  return queryOptions({
    queryKey: ['campaigns', id, 'first-people'],
    queryFn: ({ signal }) =>
      ask(
        api.GET('/api/v1/campaigns/{id}/recipients', {
          signal,
          params: { path: { id }, query: { limit: 50, status: 'pending' } },
        }),
      ),
  });
}
