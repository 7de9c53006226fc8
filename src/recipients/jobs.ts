import type { Db } from '../lib/db/db.ts';
import type { PeriodicJob } from '../lib/jobs/periodic.ts';
import { tidyDrafts } from './read-draft.ts';
import { finishRemovals, type RemoveUploadDeps } from './remove-upload.ts';
import { discardAbandonedUploads } from './uploads.sql.ts';

const MINUTE = 60_000;
/** An upload that has not moved for so long is of a dead process or a dead line. */
const UPLOAD_IDLE_SECONDS = 300;

/** Uploads that nobody finishes any more, and removals that a crash broke off. */
export function uploadJobs(deps: RemoveUploadDeps): PeriodicJob[] {
  const { db } = deps;
  return [
    { name: 'uploads', everyMs: MINUTE, run: () => discardAbandonedUploads(db, { idleSeconds: UPLOAD_IDLE_SECONDS }) },
    { name: 'unpublished uploads', everyMs: MINUTE, run: () => tidyDrafts({ db }, { idleSeconds: UPLOAD_IDLE_SECONDS }) },
    { name: 'removed uploads', everyMs: MINUTE, run: () => finishRemovals(deps) },
  ];
}

/** At the start of a process that is alone on its database: any open upload is of a former life. */
export async function endUploadsOfFormerLife(db: Db): Promise<void> {
  await discardAbandonedUploads(db, { idleSeconds: 0 });
  await tidyDrafts({ db }, { idleSeconds: 0 });
}
