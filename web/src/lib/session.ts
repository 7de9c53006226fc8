/** Who is here and what they may do. */
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { ApiProblem, api, ask } from './api.ts';
import { facts } from './facts.ts';

/** Nobody is logged in for certain: asking who would only put a refusal into the browser's log. */
let isNobody = !facts.session;

export type Scope = 'read' | 'write' | 'send' | 'admin';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    if (isNobody) return null;
    try {
      return await ask(api.GET('/api/v1/auth/me', { signal }));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useMe() {
  return useQuery(meQuery).data ?? undefined;
}

/** Buttons that would be refused are off and say why. */
export function useMay(scope: Scope): boolean {
  const me = useMe();
  return me !== undefined && (me.scopes.includes(scope) || me.scopes.includes('admin'));
}

/** After logging in by whatever way: asks anew who is here. */
export async function welcome(queries: QueryClient): Promise<void> {
  isNobody = false;
  await queries.query({ ...meQuery, staleTime: 0 });
}
