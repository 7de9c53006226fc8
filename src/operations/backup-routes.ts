import type { Readable } from 'node:stream';
import { recordAudit } from '../audit/record-audit.ts';
import type { Db } from '../lib/db/db.ts';
import { actorOf } from '../lib/http/actor.ts';
import type { App } from '../lib/http/fastify-types.ts';
import { Problem } from '../lib/problem.ts';
import { say } from '../lib/words/sentence.ts';

export interface BackupRouteDeps {
  readonly db: Db;
  /** The embedded database as one archive; undefined where the database is a server's. */
  readonly backup: (() => Promise<Readable>) | undefined;
}

/** One download of everything: for `whatsapp-sender backup` and for whoever runs a timer of their own. */
export function backupRoutes(app: App, deps: BackupRouteDeps): void {
  app.get(
    '/api/v1/backup',
    {
      config: {
        access: 'admin',
        describe: {
          answer: {
            type: 'application/gzip',
            description: 'The archive',
            schema: { type: 'string', format: 'binary' },
            filename: true,
          },
        },
      },
      schema: {
        tags: ['system'],
        summary: 'The embedded database as one archive (.tar.gz), as it is at this moment',
      },
    },
    async (request, reply) => {
      if (deps.backup === undefined) {
        throw new Problem('backup_not_here', say('server.operations.system-keeps-data'));
      }
      const name = `whatsapp-sender-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}.tar.gz`;
      const archive = await deps.backup();
      await recordAudit(deps.db, actorOf(request), { action: 'system.backup', detail: {} });
      return reply
        .type('application/gzip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(archive);
    },
  );
}
