import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../lib/api.ts';

export type Person = Schemas['Person'];
export type Role = Person['role'];
export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/people', { signal }))).data,
});

export const factorQuery = queryOptions({
  queryKey: ['me', 'second-factor'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/auth/second-factor', { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) => ask(api.GET('/api/v1/auth/sessions', { signal })),
});

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/keys', { signal }))).data,
});
