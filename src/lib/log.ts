import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Level,
  type Logger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { prettyFactory } from 'pino-pretty';
import { createRedactor } from './redact.ts';

export type { Logger } from 'pino';

export interface LogOptions {
  readonly level: Level | 'silent';
  /** Undefined = pretty on a terminal, JSON elsewhere. */
  readonly format?: 'json' | 'pretty' | undefined;
  /** Settings whose very values must never show (`config.secrets`). */
  readonly secrets?: readonly string[];
  /** Where the lines go; the standard output unless given. */
  readonly destination?: DestinationStream;
}

/**
 * Everything passes the redactor before it becomes a line: fields, messages, what is put into messages, errors with their
 * causes. Nobody has to remember what may be logged.
 */
export function createLogger(options: LogOptions): Logger {
  const redactor = createRedactor(options.secrets);
  const terminal = options.destination === undefined && process.stdout.isTTY;
  const format = options.format ?? (terminal ? 'pretty' : 'json');
  // Synchronous, and silent when whoever read the lines is gone: a closed pipe must not end a campaign.
  const destination: DestinationStream = options.destination ?? pino.destination({ dest: 1, sync: true });
  const logger: Logger = pino(
    {
      level: options.level,
      // Not the host and process of every line: whoever gathers logs of several machines adds those.
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => asRecord(redactor.value(fields)),
      },
      // What pino would do with an error is done by the redactor.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          const cleaned = rest.map((part) => redactor.value(part));
          // A lone error: pino takes its message as the line's, past the redactor.
          const line =
            first instanceof Error
              ? [{ err: first }, ...(cleaned.length > 0 ? cleaned : [redactor.text(first.message)])]
              : [typeof first === 'string' ? redactor.text(first) : first, ...cleaned];
          method.apply(this, line as Parameters<typeof method>);
        },
      },
    },
    format === 'pretty' ? prettyStream(destination, terminal) : destination,
  );
  // The fields of a child are the one thing pino passes through no hook; children inherit this replacement.
  // eslint-disable-next-line @typescript-eslint/unbound-method -- given its `this` just below
  const plainChild = logger.child;
  logger.child = function child<L extends string = never>(
    this: Logger,
    bindings: Bindings,
    childOptions?: ChildLoggerOptions<L>,
  ) {
    return plainChild.call<Logger, [Bindings, ChildLoggerOptions<L> | undefined], Logger<L>>(
      this,
      asRecord(redactor.value(bindings)),
      childOptions,
    );
  };
  return logger;
}

/** For tests and for commands that speak for themselves. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/** In this thread and at once: lines must not be lost, or come after, when the process ends. */
function prettyStream(destination: DestinationStream, colorize: boolean): DestinationStream {
  const toText = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss' });
  return {
    write(line) {
      destination.write(toText(line));
    },
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : { value };
}

/** What goes wrong many times a second is told once, then twice a minute (or as often as `everyMs` says); each `what` by itself. */
export function seldom(tell: (error: unknown, what: string) => void, everyMs = 30_000): (error: unknown, what: string) => void {
  const saidAt = new Map<string, number>();
  return (error, what) => {
    const now = performance.now();
    if (now - (saidAt.get(what) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    saidAt.set(what, now);
    tell(error, what);
  };
}
