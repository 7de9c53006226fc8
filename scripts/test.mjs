// `npm test`: the set-up it needs, then the whole suite, in passes. Also for a part of it:
//   npm test -- test/unit/phone.test.ts            these files only
//   npm test -- --suite unit --suite e2e           these suites only
//   npm test -- --on postgres                      integration and conformance on PostgreSQL only (or: embedded)
//   npm test -- --coverage                         and a report of what was covered, in coverage/
// What needs a real PostgreSQL, Redis or Chromium uses TEST_DATABASE_URL, TEST_REDIS_URL and CHROMIUM_PATH, or the binaries of this
// machine (servers.mjs). Without them it is skipped by name; with CI=true that is a failure.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium, startPostgres, startRedis } from './servers.mjs';
import { checkNode, ensureBuilt, ensureInstalled, root } from './setup.mjs';

/**
 * Each suite is a folder of test/. Both: run on the embedded database and, the files that use the database of the pass, once more on
 * PostgreSQL. Last: whole systems of several processes.
 */
const SUITES = {
  unit: {},
  simulator: {},
  integration: { both: true },
  conformance: { both: true },
  e2e: { last: true },
  browser: { last: true },
  chaos: { last: true },
};

/** Begun first in their pass, in this order, so that none of the long ones runs alone at its end. */
const LONG = [
  'integration/cli',
  'integration/cli-process',
  'integration/backup',
  'integration/backup-live',
  'integration/http-access',
  'chaos/short',
  'e2e/fairness',
  'e2e/scaled-out',
  'e2e/takeover',
  'chaos/drill',
].map((name) => join('test', `${name}.test.ts`));

/** What a file asks of the machine: the helpers of test/support/servers.ts that it names. */
const NEEDS = { needsPostgres: 'PostgreSQL', needsRedis: 'Redis', needsChromium: 'Chromium' };

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: 'string', multiple: true }, on: { type: 'string' }, coverage: { type: 'boolean' } },
});
const CI = /^(true|1)$/i.test(process.env.CI ?? '');

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

function longestFirst(files) {
  const long = LONG.filter((file) => files.includes(file));
  return [...long, ...files.filter((file) => !long.includes(file))];
}

/**
 * Whether what it shows depends on the database of the pass, which test/support/db.ts opens. A file that brings a database of its own
 * (starts the program, asks for a PostgreSQL by needsPostgres) or needs none would show the same again: it runs in the first pass only.
 */
function usesTheDatabaseOfThePass(file) {
  return readFileSync(join(root, file), 'utf8').includes('support/db.ts');
}

/** Whether it starts the program as it is installed: built before all passes, since two files at once would build into each other. */
function needsBuild(file) {
  return /ensureBuilt|support\/(browser|cli|fleet|restore-drill)\.ts/.test(readFileSync(join(root, file), 'utf8'));
}

function needsOf(file) {
  const source = readFileSync(join(root, file), 'utf8');
  return Object.keys(NEEDS)
    .filter((helper) => source.includes(helper))
    .map((helper) => NEEDS[helper]);
}

/** @returns {{ title: string, files: string[], on: 'embedded' | 'postgres' }[]} */
function planPasses() {
  if (positionals.length > 0) {
    const files = positionals.map((file) => relative(root, resolve(file)));
    const absent = files.filter((file) => !existsSync(join(root, file)));
    if (absent.length > 0) fail(`There is no ${absent.join(', ')}.`);
    return [{ title: files.join(' '), files, on: flags.on === 'postgres' ? 'postgres' : 'embedded' }];
  }
  const unknown = (flags.suite ?? []).filter((name) => !(name in SUITES));
  if (unknown.length > 0) fail(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`);
  if (flags.on !== undefined && !['embedded', 'postgres'].includes(flags.on)) fail('--on is embedded or postgres.');
  const chosen = Object.entries(SUITES).filter(([name]) => flags.suite === undefined || flags.suite.includes(name));
  const passes = [];
  const add = (title, suites, on, which = () => true) => {
    const files = longestFirst(suites.flatMap(([name]) => filesUnder(join(root, 'test', name))).filter(which));
    if (files.length === 0) return;
    const whole = suites.every(([, { last }]) => last);
    passes.push({ title: `${suites.map(([name]) => name).join(', ')}${title}`, files, on, whole });
  };
  const both = chosen.filter(([, suite]) => suite.both);
  if (flags.on !== 'postgres') {
    add(
      '',
      chosen.filter(([, suite]) => !suite.both && !suite.last),
      'embedded',
    );
    add(' on the embedded database', both, 'embedded');
  }
  if (flags.on !== 'embedded') add(' on PostgreSQL', both, 'postgres', usesTheDatabaseOfThePass);
  if (flags.on !== 'postgres')
    add(
      '',
      chosen.filter(([, { last }]) => last),
      'embedded',
    );
  return passes;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** The named ones first, then the machine's own; what is missing is left undefined. */
async function gatherServers(wanted) {
  const started = [];
  const begin = async (name, address, start) => {
    if (!wanted.has(name)) return undefined;
    if (address !== undefined && address !== '') return address;
    try {
      const server = await start();
      if (server === undefined) return undefined;
      started.push(server);
      return server.url;
    } catch (error) {
      console.error(`${name} was found but does not start: ${error.message}`);
      return undefined;
    }
  };
  const [postgres, redis] = await Promise.all([
    begin('PostgreSQL', process.env.TEST_DATABASE_URL, () => startPostgres()),
    begin('Redis', process.env.TEST_REDIS_URL, () => startRedis()),
  ]);
  const addresses = { PostgreSQL: postgres, Redis: redis, Chromium: wanted.has('Chromium') ? findChromium() : undefined };
  return { addresses, stop: () => Promise.all(started.map((server) => server.stop())) };
}

function environmentOf(pass, addresses, coverageFolder) {
  const env = { ...process.env, TEST_REDIS_URL: addresses.Redis, CHROMIUM_PATH: addresses.Chromium };
  // Two names: TEST_DATABASE_URL says "use this one", TEST_POSTGRES_URL only "there is one" for the tests that ask for it.
  env.TEST_DATABASE_URL = pass.on === 'postgres' ? addresses.PostgreSQL : undefined;
  env.TEST_POSTGRES_URL = addresses.PostgreSQL;
  if (coverageFolder !== undefined) env.NODE_V8_COVERAGE = coverageFolder;
  // Settings of whoever runs the tests must not reach the product under test.
  for (const name of Object.keys(env)) {
    if (
      /^(WHATSAPP_|DB_|REDIS_|DATABASE_URL$|CAMPAIGN_|SECRET_KEY$|ADMIN_API_KEY$|AUTH$|HOST$|PORT$|DATA_DIR$|LOG_|DEBUG$)/.test(
        name,
      )
    )
      delete env[name];
    else if (env[name] === undefined) delete env[name];
  }
  return env;
}

let current;

function runPass(pass, env) {
  const folder = mkdtempSync(join(tmpdir(), 'sender-test-'));
  const tally = join(folder, 'tally.json');
  // Most files wait now and then (for a round of the product, for another process); one more at a time fills that. Whole systems keep
  // their processors busy by themselves.
  const concurrency = Math.max(2, Math.min(4, availableParallelism())) + (pass.whole ? 0 : 1);
  // The embedded database is compiled anew for each file; for a test's seconds the compiler that is quick itself is the quicker one.
  const args = [
    '--liftoff-only',
    '--import',
    pathToFileURL(join(root, 'scripts', 'ts.mjs')).href,
    join(root, 'scripts', 'run-files.mjs'),
    tally,
    String(concurrency),
    ...pass.files,
  ];
  return new Promise((done) => {
    current = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    current.once('exit', (code, signal) => {
      const counted = existsSync(tally) ? readFileSync(tally, 'utf8') : '';
      rmSync(folder, { recursive: true, force: true });
      const nothing = { tests: 0, pass: 0, fail: 0, skipped: 0, names: { failed: [], skipped: [] } };
      done({ ...pass, ...(counted === '' ? nothing : JSON.parse(counted)), broken: code !== 0 || signal !== null });
    });
  });
}

function summarise(results, missing, coverage) {
  console.log('\n── Summary ──────────────────────────────────────────────────────────');
  for (const { title, tests, pass, fail: failed, skipped, seconds, broken } of results) {
    const counts = `${tests} tests, ${pass} passed, ${failed} failed, ${skipped} skipped`;
    console.log(`${broken ? '✖' : '✔'} ${title}: ${counts}, ${seconds.toFixed(1)} s`);
  }
  const skipped = [...new Set(results.flatMap(({ names }) => names.skipped))];
  for (const name of skipped) console.log(`﹣ skipped: ${name}`);
  for (const { title, why } of missing) console.log(`${CI ? '✖' : '﹣'} skipped: ${title} (${why})`);
  for (const { title, names } of results) for (const name of names.failed) console.log(`✖ failed: ${name}  [${title}]`);
  if (coverage !== undefined) {
    spawnSync(process.execPath, ['node_modules/c8/bin/c8.js', 'report', '--temp-directory', coverage], {
      cwd: root,
      stdio: 'inherit',
    });
  }
  const broken = results.some((result) => result.broken) || (CI && missing.length > 0);
  console.log(broken ? '✖ npm test failed' : '✔ npm test passed');
  return broken ? 1 : 0;
}

async function main() {
  checkNode();
  ensureInstalled();
  const passes = planPasses();
  if (passes.length === 0) fail('There are no tests of that kind.');
  if (passes.some((pass) => pass.files.some(needsBuild))) ensureBuilt();
  const wanted = new Set(passes.flatMap((pass) => pass.files.flatMap(needsOf)));
  if (passes.some((pass) => pass.on === 'postgres')) wanted.add('PostgreSQL');
  const { addresses, stop } = await gatherServers(wanted);
  const absent = [...wanted].filter((name) => addresses[name] === undefined);
  const missing = [];
  const coverage = flags.coverage ? join(root, 'coverage', 'tmp') : undefined;
  if (coverage !== undefined) rmSync(coverage, { recursive: true, force: true });

  const results = [];
  for (const pass of passes) {
    if (pass.on === 'postgres' && addresses.PostgreSQL === undefined) {
      missing.push(...pass.files.map((file) => ({ title: `${file} on PostgreSQL`, why: 'no PostgreSQL on this machine' })));
      continue;
    }
    for (const file of pass.files) {
      const lacks = needsOf(file).filter((name) => absent.includes(name));
      if (lacks.length > 0)
        missing.push({ title: `what needs ${lacks.join(' and ')} in ${file}`, why: `no ${lacks.join(', no ')} on this machine` });
    }
    console.log(`\n── ${pass.title} (${pass.files.length} files) ──`);
    const begun = Date.now();
    const result = await runPass(pass, environmentOf(pass, addresses, coverage));
    results.push({ ...result, seconds: (Date.now() - begun) / 1000 });
  }
  await stop();
  process.exitCode = summarise(results, missing, coverage);
}

let interrupted = false;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    // The terminal tells the test processes too; the servers are stopped by the exit.
    if (interrupted) return;
    interrupted = true;
    if (current?.exitCode === null && current.signalCode === null) {
      current.once('exit', () => process.exit(code));
      current.kill(signal);
    } else process.exit(code);
  });
}

await main();
