import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '../lib/api.ts';

/** All of them: a number has some hundreds at most, so searching and filtering need no server. */
export const templatesQuery = queryOptions({
  queryKey: ['templates', 'all'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/templates', { signal })),
  staleTime: 30_000,
});
