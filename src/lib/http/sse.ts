/**
 * The wire of live updates: default event name, JSON in `data`, ids for Last-Event-ID.
 * A state is taken from the source only when the browser has taken the one before, so a slow one harms only itself.
 */

import type { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import { say, translateAll } from '../words/sentence.ts';
import { actorOf, ownerKey } from './actor.ts';
import { readerLanguage } from './language.ts';

export interface LiveEvent {
  readonly id?: string | undefined;
  readonly data: unknown;
}

/** More than anybody has windows; a program that forgets to close its streams does not take the memory of all. */
const STREAMS_EACH = 50;

/** A browser that takes nothing for so long is gone, or as good as. */
const STALLED_MS = 60_000;

export class Streams {
  readonly #open = new Map<AbortController, string>();
  readonly #heartbeatMs: number;
  #closed = false;

  constructor(heartbeatMs: number) {
    this.#heartbeatMs = heartbeatMs;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Ends every stream; browsers come back to whoever answers next. */
  close(): void {
    this.#closed = true;
    for (const controller of this.#open.keys()) controller.abort();
  }

  /** Answers with the stream. `check` is asked now and then whether the caller still may. */
  async serve(
    request: FastifyRequest,
    reply: FastifyReply,
    options: { readonly source: (signal: AbortSignal) => AsyncIterable<LiveEvent>; readonly check: () => Promise<boolean> },
  ): Promise<void> {
    const owner = ownerKey(actorOf(request));
    let own = 0;
    for (const other of this.#open.values()) if (other === owner) own++;
    if (own >= STREAMS_EACH) throw new Problem('too_many_requests', say('server.live.too-many-streams', { max: STREAMS_EACH }));
    const controller = new AbortController();
    const { signal } = controller;
    const response = reply.raw;
    const stop = (): void => {
      controller.abort();
    };
    this.#open.set(controller, owner);
    response.on('close', stop);
    response.on('error', stop);
    if (this.#closed) stop();
    reply.hijack();
    const headers = reply.getHeaders();
    response.writeHead(200, {
      ...definedHeaders(headers),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx would hold the events back.
      'x-accel-buffering': 'no',
    });
    response.write('retry: 2000\n\n');
    const heartbeat = setInterval(() => {
      if (!response.writableNeedDrain) response.write(': alive\n\n');
      options.check().then(
        (still) => {
          if (!still) stop();
        },
        () => undefined,
      );
    }, this.#heartbeatMs);
    const language = readerLanguage(request);
    try {
      for await (const { id, data } of options.source(signal)) {
        if (signal.aborted) break;
        if (!response.write(frame({ id, data: translateAll(data, language) }))) await drained(response, signal);
      }
    } catch (error) {
      if (!signal.aborted) request.log.error({ err: error }, 'a live stream ended early');
    } finally {
      clearInterval(heartbeat);
      this.#open.delete(controller);
      controller.abort();
      response.end();
    }
  }
}

export function frame(event: LiveEvent): string {
  // JSON has no line breaks of its own, so one data line is enough.
  const id = event.id === undefined ? '' : `id: ${event.id.replace(/[\r\n\0]/g, '')}\n`;
  return `${id}data: ${JSON.stringify(event.data)}\n\n`;
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(() => {
      response.destroy();
      done();
    }, STALLED_MS);
    response.once('drain', done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function definedHeaders(
  headers: Readonly<Record<string, number | string | string[] | undefined>>,
): Record<string, number | string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter((pair): pair is [string, number | string | string[]] => pair[1] !== undefined),
  );
}
