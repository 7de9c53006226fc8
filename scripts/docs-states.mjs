// Writes the drawings of docs/state-machines.md from the table of moves and the order of ranks; with --check only compares.
//   node --import ./scripts/ts.mjs scripts/docs-states.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAMPAIGN_STATUSES, MOVES } from '../src/lifecycle/campaign.ts';
import { MESSAGE_STATUSES, OPEN_STATUSES, rankOf, UNSETTLED_STATUSES } from '../src/lifecycle/message.ts';
import { root } from './setup.mjs';

function campaignDrawing() {
  const lines = ['```mermaid', 'stateDiagram-v2', '  [*] --> draft: create'];
  for (const from of CAMPAIGN_STATUSES) {
    for (const [move, { from: allowed, to }] of Object.entries(MOVES))
      if (allowed.includes(from)) lines.push(`  ${from} --> ${to}: ${move}`);
  }
  const moving = new Set(Object.values(MOVES).flatMap(({ from }) => from));
  for (const status of CAMPAIGN_STATUSES) if (!moving.has(status)) lines.push(`  ${status} --> [*]`);
  return [...lines, '```'];
}

function campaignTable() {
  return [
    '| move | from | to |',
    '|---|---|---|',
    ...Object.entries(MOVES).map(([move, { from, to }]) => `| \`${move}\` | ${from.join(', ')} | ${to} |`),
  ];
}

/** What moves a message up, and what puts it back for another attempt. Up must climb in rank; the script refuses to draw anything else. */
const UP = [
  ['pending', 'sending', 'claimed'],
  ['pending', 'skipped', 'opted out'],
  ['pending', 'cancelled', 'campaign cancelled'],
  ['pending', 'unknown', 'database restored'],
  ['sending', 'accepted', 'wamid'],
  ['sending', 'held', 'wamid, held by Meta'],
  ['sending', 'failed', 'refused for good'],
  ['sending', 'unknown', 'no answer, or process lost'],
  ['unknown', 'accepted', 'late answer'],
  ['unknown', 'sent', 'webhook'],
  ['held', 'accepted', 'released'],
  ['accepted', 'sent', 'webhook'],
  ['accepted', 'failed', 'webhook'],
  ['sent', 'failed', 'webhook'],
  ['sent', 'delivered', 'webhook'],
  ['failed', 'delivered', 'webhook'],
  ['delivered', 'read', 'webhook'],
];
const AGAIN = [
  ['sending', 'pending', 'may be tried again, or never left'],
  ['failed', 'pending', 'a person: retry'],
  ['unknown', 'pending', 'a person: resend'],
];

function messageDrawing() {
  for (const [from, to] of UP) if (rankOf(to) <= rankOf(from)) throw new Error(`${from} -> ${to} does not climb`);
  for (const [, to] of AGAIN) if (to !== 'pending') throw new Error('a new attempt begins at pending');
  const edge = ([from, to, by]) => `  ${from} --> ${to}: ${by}`;
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> pending: uploaded', ...UP.map(edge), ...AGAIN.map(edge), '```'];
}

function messageTable() {
  const kind = (status) =>
    OPEN_STATUSES.includes(status) ? 'open' : UNSETTLED_STATUSES.includes(status) ? 'unsettled' : 'settled';
  return [
    '| rank | box | |',
    '|---|---|---|',
    ...MESSAGE_STATUSES.map((status, rank) => `| ${rank} | ${status} | ${kind(status)} |`),
  ];
}

const PARTS = {
  'campaign-drawing': campaignDrawing,
  'campaign-table': campaignTable,
  'message-drawing': messageDrawing,
  'message-table': messageTable,
};

const path = join(root, 'docs', 'state-machines.md');
const text = readFileSync(path, 'utf8');
let wanted = text;
for (const [name, make] of Object.entries(PARTS)) {
  const [begin, end] = [`<!-- made: ${name} -->`, `<!-- end: ${name} -->`];
  const at = wanted.indexOf(begin);
  const to = wanted.indexOf(end);
  if (at === -1 || to < at) throw new Error(`docs/state-machines.md has no place for ${name}`);
  wanted = `${wanted.slice(0, at + begin.length)}\n${make().join('\n')}\n${wanted.slice(to)}`;
}
if (wanted !== text) {
  if (process.argv.includes('--check')) {
    console.error('docs/state-machines.md is not what the tables say: run scripts/docs-states.mjs.');
    process.exitCode = 1;
  } else {
    writeFileSync(path, wanted);
    console.log('wrote docs/state-machines.md');
  }
}
