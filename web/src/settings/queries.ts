import { queryOptions } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../lib/api.ts';

export type Person = Schemas['Person'];
export type Role = Person['role'];
export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/people', { signal }))).data,
});

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) => (await ask(api.GET('/api/v1/keys', { signal }))).data,
});
