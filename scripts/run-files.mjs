// One pass of `npm test` (test.mjs), in the environment it was given: node scripts/run-files.mjs TALLY CONCURRENCY FILE …
// What `node --test` does, which sorts by name; here the files begin in the order they are named.
import { createWriteStream } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import tally from './tally-reporter.mjs';

const [tallyFile, concurrency, ...files] = process.argv.slice(2);

// Whoever ends this ends the files that run.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());

const results = run({ files, concurrency: Number(concurrency), timeout: 600_000, signal: stop.signal });
results.on('test:fail', () => {
  process.exitCode = 1;
});
results.compose(new spec()).pipe(process.stdout);
results.compose(tally).pipe(createWriteStream(tallyFile));
