/** What this machine gives: the data folder, Redis, the way from outside. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { connect as connectTcp, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { request } from 'undici';
import type { Config } from '../config/config.ts';
import type { Check } from './check.ts';
import { bytes } from './words.ts';

const LITTLE = 2_000_000_000;
const TOO_LITTLE = 200_000_000;

export function folderChecks({ dataDir }: Config): Check[] {
  const name = 'data folder';
  // It is made at the first start: until then its parent has to take it.
  let folder = dataDir;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return [
      {
        name,
        level: 'fail',
        message: `${dataDir} cannot be written.`,
        advice: 'Give this user the right to write there, or set DATA_DIR to another folder.',
      },
    ];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const message = `${dataDir}${folder === dataDir ? ' can be written' : ' will be made at the first start'}, ${bytes(free)} free.`;
  const advice = 'A million recipients take about 1 GB. Make room, or set DATA_DIR to a larger disk.';
  if (free < TOO_LITTLE) return [{ name, level: 'fail', message, advice }];
  return [free < LITTLE ? { name, level: 'warn', message, advice } : { name, level: 'ok', message }];
}

const REDIS_MS = 5_000;

/** Says hello in Redis' own words; no library is needed for that. */
export async function redisCheck({ redis }: Config): Promise<Check> {
  const name = 'Redis';
  if (redis === undefined) return { name, level: 'skip', message: 'Not set: one process does all, and needs none.' };
  const advice = 'Check that it runs and that REDIS_URL, or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD, are right.';
  try {
    const answer = await talk(new URL(redis.url));
    const error = /^-(.*)$/m.exec(answer)?.[1];
    if (error !== undefined) return { name, level: 'fail', message: `${redis.label} refuses: ${error.trim()}`, advice };
    const version = /^redis_version:(\d+)\.(\d+)/m.exec(answer);
    if (version === null) return { name, level: 'fail', message: `${redis.label} answers, but not as Redis does.`, advice };
    const [major, minor] = [Number(version[1]), Number(version[2])];
    const message = `${redis.label} answers, version ${String(major)}.${String(minor)}.`;
    if (major < 6 || (major === 6 && minor < 2)) return { name, level: 'fail', message, advice: 'Redis 6.2 or newer is needed.' };
    const policy = /^maxmemory_policy:(\S+)/m.exec(answer)?.[1];
    if (policy !== undefined && policy !== 'noeviction') {
      return {
        name,
        level: 'warn',
        message: `${message} Its maxmemory-policy is ${policy}.`,
        advice: 'Set maxmemory-policy to noeviction: jobs must not be thrown away when memory is short.',
      };
    }
    return { name, level: 'ok', message };
  } catch (error) {
    return { name, level: 'fail', message: `${redis.label} cannot be reached (${reason(error)}).`, advice };
  }
}

function talk(url: URL): Promise<string> {
  const options = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 6379 : Number(url.port) };
  const password = decodeURIComponent(url.password);
  const user = decodeURIComponent(url.username);
  const words = [...(password === '' ? [] : [user === '' ? ['AUTH', password] : ['AUTH', user, password]]), ['INFO'], ['QUIT']];
  return new Promise((resolve, reject) => {
    const socket: Socket =
      url.protocol === 'rediss:' ? connectTls({ ...options, servername: options.host }) : connectTcp(options);
    let answer = '';
    socket.setTimeout(REDIS_MS, () => {
      socket.destroy(new Error('no answer in time'));
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
    socket.write(words.map(command).join(''));
  });
}

function command(words: readonly string[]): string {
  return `*${String(words.length)}\r\n${words.map((word) => `$${String(Buffer.byteLength(word))}\r\n${word}\r\n`).join('')}`;
}

/** From here it can only be tried from the inside; a router that does not let one's own address through looks like a fault. */
export async function publicUrlCheck({ publicUrl, whatsapp }: Config): Promise<Check> {
  const name = 'public address';
  if (publicUrl === undefined) {
    if (whatsapp.mode === 'sandbox') return { name, level: 'skip', message: 'PUBLIC_URL is not set; the sandbox needs none.' };
    return {
      name,
      level: 'warn',
      message: 'PUBLIC_URL is not set.',
      advice: "Set it to the address under which Meta reaches this system; links and the webhook's address come from it.",
    };
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (whatsapp.mode === 'live' && (protocol !== 'https:' || isPrivate(hostname))) {
    return {
      name,
      level: 'fail',
      message: `Meta cannot deliver webhooks to ${publicUrl}.`,
      advice: 'It takes https:// with a public name. Use a reverse proxy with a certificate, or a tunnel.',
    };
  }
  try {
    const { statusCode, body } = await request(`${publicUrl.replace(/\/+$/, '')}/health/live`, {
      headersTimeout: 8_000,
      bodyTimeout: 8_000,
    });
    const text = await body.text();
    if (statusCode === 200 && text.includes('"ok"')) return { name, level: 'ok', message: `${publicUrl} leads here.` };
    return {
      name,
      level: 'warn',
      message: `${publicUrl} answers ${String(statusCode)}, and not as this system does.`,
      advice: 'Check where the proxy or the tunnel leads.',
    };
  } catch (error) {
    return {
      name,
      level: 'warn',
      message: `${publicUrl} does not answer from here (${reason(error)}).`,
      advice: 'Try it from another network. If it fails there too, check DNS, proxy, tunnel and firewall.',
    };
  }
}

function isPrivate(hostname: string): boolean {
  return (
    /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(hostname) ||
    !hostname.includes('.') ||
    /\.(local|localhost|internal|lan)$/.test(hostname)
  );
}

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
