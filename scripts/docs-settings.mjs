// Writes .env.example and docs/settings.md from the table of settings; with --check only compares.
//   node --import ./scripts/ts.mjs scripts/docs-settings.mjs [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../src/config/table.ts';
import { root } from './setup.mjs';

const bySection = new Map();
for (const entry of Object.entries(SETTINGS)) {
  const { section } = entry[1];
  bySection.set(section, [...(bySection.get(section) ?? []), entry]);
}

function envExample() {
  const lines = [
    '# Every setting there is. All are optional: copied as it is, this file changes nothing.',
    '# Take the # away in front of a NAME to set it; variables of the environment overrule this file.',
  ];
  for (const [section, settings] of bySection) {
    lines.push('', `# ── ${section} ──`);
    for (const [name, { about, fallback, example, unset }] of settings) {
      lines.push(`# ${about}${unset === undefined ? '' : ` Unset: ${unset}.`}`, `#${name}=${fallback ?? example ?? ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function settingsPage() {
  const cell = (text) => text.replaceAll('|', '\\|');
  const lines = [
    '# Settings',
    '',
    'Read once at start, from the environment and from a file `.env` in the working folder; the environment wins. A variable that is',
    'set but empty counts as unset. A wrong or contradictory value stops the start with one sentence for each fault. A name in `.env` that',
    'is no setting, and a variable a slip away from one, is told at the start and ignored.',
    '',
    'This page and `.env.example` are made from the table in `src/config/table.ts` by `npm run docs`.',
  ];
  for (const [section, settings] of bySection) {
    lines.push('', `## ${section}`, '', '| setting | what it is | when unset |', '|---|---|---|');
    for (const [name, { about, fallback, unset, secret }] of settings) {
      const otherwise = fallback === undefined ? cell(unset) : `\`${fallback}\``;
      lines.push(`| \`${name}\`${secret ? ' (secret)' : ''} | ${cell(about)} | ${otherwise} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

let stale = false;
for (const [path, wanted] of [
  ['.env.example', envExample()],
  [join('docs', 'settings.md'), settingsPage()],
]) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not what the table of settings makes of it; run npm run docs.`);
    stale = true;
  } else {
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}
process.exitCode = stale ? 1 : 0;
