import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refusalBody, refuse } from './graph-error.ts';
import type { World } from './world.ts';

const JSON_TYPE = 'application/json; charset=UTF-8';

export function answerJson(res: ServerResponse, status: number, body: string, usage?: string): void {
  if (res.destroyed) return;
  const headers = ['Content-Type', JSON_TYPE, 'Content-Length', String(Buffer.byteLength(body))];
  if (usage !== undefined) headers.push('X-Business-Use-Case-Usage', usage);
  res.writeHead(status, headers);
  res.end(body);
}

export function answerRefusal(world: World, res: ServerResponse, refusal: Refusal): void {
  const key = String(refusal.code === 0 ? refusal.status : refusal.code);
  world.counts.refused[key] = (world.counts.refused[key] ?? 0) + 1;
  if (res.destroyed) return;
  if (refusal.body !== undefined) {
    res.writeHead(refusal.status, {
      'Content-Type': refusal.body.contentType,
      'Content-Length': String(Buffer.byteLength(refusal.body.text)),
    });
    res.end(refusal.body.text);
    return;
  }
  if (refusal.status === 401) res.setHeader('WWW-Authenticate', `OAuth "Facebook Platform" "invalid_token" "${refusal.message}"`);
  answerJson(res, refusal.status, refusalBody(refusal, world.trace()), usageHeader(world));
}

/** A fault of the simulator's own: told where its other words go, and to the caller as Meta tells hers. */
export function answerFailure(world: World, res: ServerResponse, error: unknown): void {
  process.stderr.write(
    `The simulator failed on a request: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  if (res.headersSent) res.destroy();
  else answerRefusal(world, res, refuse(1, undefined, { status: 500 }));
}

/** Percent of the hour's management calls, and the minutes until there are new ones (docs/meta.md, Limits). */
export function usageHeader(world: World): string {
  const share = Math.min(100, Math.floor((world.counts.managementCalls * 100) / world.config.management_calls_per_hour));
  if (share < 100) return (world.counts.usageHeaders[share] ??= usageJson(world, share, 0));
  return usageJson(world, share, Math.ceil((3600_000 - (Date.now() - world.counts.managementHour)) / 60_000));
}

function usageJson(world: World, share: number, minutes: number): string {
  return `{"${world.account.waba.id}":[{"type":"whatsapp_business_management","call_count":${String(share)},"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":${String(minutes)}}]}`;
}

/** The connection dies without a word. */
export function reset(req: IncomingMessage): void {
  req.socket.resetAndDestroy();
}
