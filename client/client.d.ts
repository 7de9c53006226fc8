import type { Client, ClientOptions } from 'openapi-fetch';
import type { components, paths } from './schema.d.ts';

export type Schemas = components['schemas'];
export type ApiClient = Client<paths>;

export interface ApiClientOptions extends ClientOptions {
  /** An API key; left out where a cookie says who is asking, or where nobody is asked. */
  readonly key?: string | undefined;
}

export function createClient(options?: ApiClientOptions): ApiClient;
