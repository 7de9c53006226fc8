import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api.ts';

/** A refusal stays one however often it is asked for; only silence and a busy server are tried again. */
function mayRetry(count: number, error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return count < 2 && (error.status === 0 || error.status === 503 || error.status === 502);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: mayRetry,
      retryDelay: (count) => Math.min(1000 * 2 ** count, 8000),
      staleTime: 2_000,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
