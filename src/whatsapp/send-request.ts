/**
 * One POST on the hot path, as a dispatch handler: no response stream, no signal listener of its own, the body read once.
 *
 * The line between `not_sent` and `unknown` is drawn here, by two signs that must agree. undici calls `onRequestStart`
 * immediately before it writes a request to a connected socket: what fails earlier has not put a byte on the wire. And the error
 * must be one of the connect phase (DNS, TCP, TLS), or of our own giving up. Whatever else happens may have reached Meta.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { readOutcome } from './outcome.ts';
import { isBeforeAnyByte, reasonOf } from './pool.ts';
import type { SendOutcome } from './send-outcome.ts';

export interface SendLimits {
  readonly maxBodyBytes: number;
  /** From the first byte written to the last one read. undici's body timeout is only between two chunks. */
  readonly answerMs: number;
}

export interface SendListener {
  /** The request is being written to its socket. */
  readonly onLeave?: (() => void) | undefined;
  /** The transport is done with it, which may be later than its outcome. */
  readonly onOver: () => void;
}

export class SendRequest implements Dispatcher.DispatchHandler {
  readonly #resolve: (outcome: SendOutcome) => void;
  readonly #limits: SendLimits;
  #controller: Dispatcher.DispatchController | undefined;
  #startedAt = 0;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #body: Buffer | undefined;
  #settled = false;
  #abortReason: string | undefined;
  #listener: SendListener | undefined;

  constructor(resolve: (outcome: SendOutcome) => void, limits: SendLimits) {
    this.#resolve = resolve;
    this.#limits = limits;
  }

  tell(listener: SendListener): void {
    this.#listener = listener;
  }

  /** Gives up. Before the request has left it is certain that it was not sent; afterwards nobody knows. */
  abort(reason: string): void {
    if (this.#settled) return;
    this.#abortReason = reason;
    if (this.#controller === undefined) this.#settle({ kind: 'not_sent', reason });
    else this.#controller.abort(new Error(reason));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while waiting for a connection: it must not leave now.
    if (this.#settled) {
      controller.abort(new Error('aborted before it left'));
      return;
    }
    // Never twice on the wire, whatever the transport thinks of a broken connection.
    if (this.#controller !== undefined) {
      this.#giveUp(controller, 'connection_closed');
      return;
    }
    this.#controller = controller;
    this.#startedAt = performance.now();
    this.#listener?.onLeave?.();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body = this.#body === undefined ? chunk : Buffer.concat([this.#body, chunk]);
    if (this.#body.length > this.#limits.maxBodyBytes) this.#giveUp(controller, 'body_too_large');
    else if (performance.now() - this.#startedAt > this.#limits.answerMs) this.#giveUp(controller, 'timeout_body');
  }

  onResponseEnd(): void {
    this.#listener?.onOver();
    this.#settle(readOutcome(this.#status, this.#headers, this.#body?.toString('utf8') ?? ''));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#listener?.onOver();
    const reason = this.#abortReason ?? reasonOf(error);
    const neverLeft = this.#controller === undefined && isBeforeAnyByte(error);
    this.#settle(neverLeft ? { kind: 'not_sent', reason } : { kind: 'unknown', reason });
  }

  #giveUp(controller: Dispatcher.DispatchController, reason: string): void {
    this.#abortReason = reason;
    controller.abort(new Error(reason));
  }

  #settle(outcome: SendOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#resolve(outcome);
  }
}
