#!/usr/bin/env node
/** The command line. Prints what went wrong in words, never a stack, and answers scripts with the codes of exit.ts. */
import { run } from './program.ts';

// A reader that has seen enough (`… | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2));
// Whatever a library still holds open must not keep a finished command alive; pipes get what was written first.
process.stdout.write('', () => {
  process.stderr.write('', () => {
    process.exit();
  });
});
