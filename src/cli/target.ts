/** Which server a command speaks to, and with which key. */
import { type Config, readClientEnv } from '../config/config.ts';
import { CliError, EXIT } from './exit.ts';
import { ADMIN_KEY_FILE, readLocalKey } from './local-key.ts';
import { mustLoadSettings } from './settings.ts';

export interface RemoteOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

export interface Target {
  /** The first that answers is taken. */
  readonly urls: readonly string[];
  readonly key: string | undefined;
  /** Where the key is from, for whoever is told that it opens nothing. */
  readonly keyFrom: string;
  /** By --url or WHATSAPP_SENDER_URL: this server or none. */
  readonly named: boolean;
  /** The server of these settings on this machine. */
  readonly own: boolean;
}

interface Sources {
  readonly env: typeof readClientEnv;
  readonly settings: typeof mustLoadSettings;
}

const PROCESS: Sources = { env: readClientEnv, settings: mustLoadSettings };

/**
 * Address: --url, WHATSAPP_SENDER_URL, then this machine (HOST and PORT), then PUBLIC_URL.
 * Key: --key, WHATSAPP_SENDER_KEY, then what is kept on this machine – and that only ever goes to this machine's own server.
 */
export function findTarget(options: RemoteOptions, sources: Sources = PROCESS): Target {
  const env = sources.env();
  const url = options.url ?? env.url;
  const key = options.key ?? env.key;
  const keyFrom = options.key !== undefined ? '--key' : 'WHATSAPP_SENDER_KEY';
  const named = url !== undefined;
  if (named && key !== undefined) return { urls: [checked(url)], key, keyFrom, named, own: isOwn(checked(url), []) };
  const { config } = sources.settings();
  const addresses = ownAddresses(config);
  const urls = named ? [checked(url)] : addresses;
  if (urls.length === 0) throw new CliError('PORT is 0, so the address is not known. Name it with --url.', EXIT.usage);
  const own = urls.every((each) => isOwn(each, addresses));
  if (key !== undefined) return { urls, key, keyFrom, named, own };
  const kept = own ? keptKey(config) : undefined;
  return { urls, key: kept?.key, keyFrom: kept?.from ?? 'none', named, own };
}

function keptKey(config: Config): { key: string; from: string } | undefined {
  if (config.auth.mode === 'none') return undefined;
  if (config.auth.adminApiKey !== undefined) return { key: config.auth.adminApiKey, from: 'ADMIN_API_KEY' };
  const key = readLocalKey(config.dataDir);
  return key === undefined ? undefined : { key, from: `${config.dataDir}/${ADMIN_KEY_FILE}` };
}

export function ownAddresses(config: Config): string[] {
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const local = config.port === 0 ? [] : [`http://${host.includes(':') ? `[${host}]` : host}:${String(config.port)}`];
  return config.publicUrl === undefined ? local : [...local, config.publicUrl.replace(/\/+$/, '')];
}

function isOwn(url: string, own: readonly string[]): boolean {
  const { hostname, origin } = new URL(url);
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname) || own.some((address) => new URL(address).origin === origin);
}

function checked(url: string): string {
  const address = url.includes('://') ? url : `http://${url}`;
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new CliError(
      `"${url}" is not an address. Write it as http://localhost:8000 or https://whatsapp.example.com`,
      EXIT.usage,
    );
  }
  return address.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}
