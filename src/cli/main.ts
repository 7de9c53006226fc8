#!/usr/bin/env node
/** The command line. Prints what went wrong in words, never a stack, and answers scripts with the codes of exit.ts. */
import { EXIT } from './exit.ts';
import { run } from './program.ts';

/** What stands in a file or a pipe is the answer: one that could not be written was not given. */
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EIO: 'the disk fails',
};
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`… | head`) is no fault of ours.
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  const code = error.code ?? error.message;
  process.stderr.write(`The output cannot be written: ${FULL[code] ?? code}. What was written so far is not the whole answer.\n`);
  process.exit(EXIT.failed);
});

process.exitCode = await run(process.argv.slice(2));
// Whatever a library still holds open must not keep a finished command alive; pipes get what was written first.
process.stdout.write('', (error) => {
  // Told above.
  if (error instanceof Error) return;
  process.stderr.write('', () => {
    process.exit();
  });
});
