/**
 * The connections of the hot path. undici's own pool looks for a free connection by asking one after the other, which with
 * hundreds of answers out costs as much as the rest of a send. Here the one that came free last is on top of a stack: no search,
 * and no more connections are opened than there are sends under way at once.
 */
import { Client, type Dispatcher } from 'undici';

export interface SendPool {
  /** `freed` has to be called once, when the request has come to its end. With every connection busy it waits its turn. */
  dispatch(options: Dispatcher.DispatchOptions, start: (freed: () => void) => Dispatcher.DispatchHandler): void;
  /** Lets what is in flight end, then closes every connection. */
  close(): Promise<void>;
}

type Waiting = (client: Client) => void;

export function createSendPool(origin: string, connections: number, options: Client.Options): SendPool {
  const all: Client[] = [];
  const idle: Client[] = [];
  const waiting: Waiting[] = [];
  let firstWaiting = 0;

  const nextWaiting = (): Waiting | undefined => {
    const next = waiting[firstWaiting++];
    if (firstWaiting > 1024 || next === undefined) {
      waiting.splice(0, firstWaiting);
      firstWaiting = 0;
    }
    return next;
  };

  const freed = (client: Client): void => {
    const next = nextWaiting();
    if (next === undefined) idle.push(client);
    else next(client);
  };

  const take = (): Client | undefined => {
    const client = idle.pop();
    if (client !== undefined || all.length >= connections) return client;
    const fresh = new Client(origin, options);
    all.push(fresh);
    return fresh;
  };

  return {
    dispatch(dispatchOptions, start) {
      const go: Waiting = (client) => {
        const handler = start(() => {
          freed(client);
        });
        client.dispatch(dispatchOptions, handler);
      };
      const client = take();
      if (client === undefined) waiting.push(go);
      else go(client);
    },
    async close() {
      await Promise.all(all.map((client) => client.close()));
    },
  };
}
