// Writes docs/error-codes.md from the catalogue of problems and the table of Meta's codes; with --check only compares.
//   node --import ./scripts/ts.mjs scripts/docs-error-codes.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEMS } from '../src/lib/problem.ts';
import { translate } from '../src/lib/words/sentence.ts';
import { META_ERROR_RANGES, META_ERRORS } from '../src/whatsapp/error-table.ts';
import { root } from './setup.mjs';

const ACTIONS = {
  retry: 'sent again after a backoff, as often as `MAX_RETRY_ATTEMPTS` allows; then failed',
  slow_number: 'the sending number stops and goes on more slowly; the message stays queued',
  slow_pair: 'only this person waits; the message stays queued',
  hold_utility: 'templates of the category utility wait on this number and go on by themselves; the message stays queued',
  stop_template: 'every campaign on this template and language pauses; the message stays queued',
  stop_account: 'every campaign on this number pauses; the message stays queued',
  stop_campaign: 'the campaign pauses; the message stays queued',
  fail: 'this recipient failed; the rest goes on',
  later: 'failed; may be offered again by a person after the time given',
  never: 'failed, and the person goes on the opt-out list',
};

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function note(entry) {
  const notes = [];
  if (entry.suppress !== undefined) notes.push(`opt-out: ${entry.suppress}`);
  if (entry.againAfterMs !== undefined) notes.push(`again after ${entry.againAfterMs / 3_600_000} h`);
  if (entry.slow !== undefined) notes.push(`${entry.slow.seconds} s, × ${entry.slow.factor}`);
  if (entry.maxRetries !== undefined) notes.push(`at most ${entry.maxRetries} times`);
  if (entry.minDelaySeconds !== undefined) notes.push(`after ${entry.minDelaySeconds} s`);
  if (entry.unlessThisRow === true) notes.push('`fail` when only this row’s values are at fault');
  if (entry.mayResend === true) notes.push('may be sent again');
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`;
}

function page() {
  const lines = [
    '# Error codes',
    '',
    'Made from `src/lib/problem.ts` and `src/whatsapp/error-table.ts` by `npm run docs`.',
    '',
    '## Of this API',
    '',
    'Every error is `application/problem+json` (RFC 9457) with one of these values in `code`, the reason and what to do in `detail`.',
    '',
    '| code | status | title |',
    '|---|---|---|',
    ...Object.entries(PROBLEMS).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`),
    '',
    '## Of Meta',
    '',
    'What is done is decided by the code and its details, never by the HTTP status. A failure told by webhook is never sent again by',
    'itself; it may still pause a campaign or put a person on the opt-out list. A code that is not listed is sent again when Meta calls',
    'it transient or answers 429 or 5xx, and fails otherwise.',
    '',
    '| what is done | meaning |',
    '|---|---|',
    ...Object.entries(ACTIONS).map(([action, meaning]) => `| \`${action}\` | ${meaning} |`),
    '',
    'With `slow_number`: the seconds the number stops, and the factor by which its rate falls. Two codes are not Meta’s: -1 (no',
    'connection to Meta for days) and 429 (HTTP 429 without an error in it).',
    '',
    '| code | title | what is done | advice | consejo |',
    '|---|---|---|---|---|',
  ];
  const named = [
    ...META_ERRORS.map((entry) => [String(entry.code), entry]),
    ...META_ERROR_RANGES.map(({ from, to, entry }) => [`${from}–${to}`, entry]),
  ].sort(([, a], [, b]) => a.code - b.code);
  for (const [code, entry] of named) {
    const { title, action, advice } = entry;
    lines.push(
      `| ${code} | ${cell(translate(title, 'en'))} | \`${action}\`${note(entry)} | ${cell(translate(advice, 'en'))} | ${cell(translate(advice, 'es'))} |`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const path = join(root, 'docs', 'error-codes.md');
const text = page();
if (!process.argv.includes('--check')) {
  writeFileSync(path, text);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  console.error('docs/error-codes.md is not what the tables say: run `npm run docs`.');
  process.exitCode = 1;
}
