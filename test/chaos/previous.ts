/** Another version of the product beside this one, from the project's own history. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

/** Checked out, installed and built, in a folder that goes away with this process. @returns the folder. */
export function buildPrevious(commit: string): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'chaos-previous-')), 'checkout');
  const run = (command: string, args: readonly string[], cwd: string): void => {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  run('git', ['worktree', 'add', '--detach', '--force', folder, commit], root);
  process.once('exit', () => {
    run('git', ['worktree', 'remove', '--force', folder], root);
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  run(process.execPath, ['scripts/build.mjs'], folder);
  return folder;
}
