import type { Socket } from 'node:net';
import type { App } from './fastify-types.ts';

/** What is still being answered by then is cut off; an upload that is cut off leaves the campaign as it was. */
const PATIENCE_MS = 5_000;

/** A stop finishes what is under way and waits for nothing else: not for idle connections, nor for those browsers open in advance. */
export function closeGracefully(app: App, endStreams: () => void): void {
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let patience: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    endStreams();
    // What is being answered now becomes an idle connection afterwards, and would stay for as long as one may idle.
    app.server.keepAliveTimeout = 1;
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    patience = setTimeout(() => {
      app.server.closeAllConnections();
    }, PATIENCE_MS);
  });
  app.addHook('onClose', async () => {
    clearTimeout(patience);
  });
}
