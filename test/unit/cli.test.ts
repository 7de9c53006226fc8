import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import fc from 'fast-check';
import { readEvents } from '../../src/cli/event-stream.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { findTarget } from '../../src/cli/target.ts';
import { parseId, parseMapping, parseNamed, parseTime } from '../../src/cli/values.ts';
import { bytes, duration, standstill, table } from '../../src/cli/words.ts';
import { loadConfig } from '../../src/config/config.ts';

function allCommands(command: Command, path: readonly string[] = []): { name: string; command: Command }[] {
  return command.commands.flatMap((each) => {
    const name = [...path, each.name()];
    return [{ name: name.join(' '), command: each }, ...allCommands(each, name)];
  });
}

const program = buildProgram(() => undefined);
const commands = allCommands(program);

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

test('every command explains itself and gives an example', () => {
  assert.ok(commands.length > 30);
  for (const { name, command } of commands) {
    assert.notEqual(command.description(), '', name);
    assert.match(helpOf(command), /Examples:\n {2}.*whatsapp-sender/, name);
  }
});

test('every example is a command that exists, with flags it has', () => {
  const known = new Map(commands.map(({ name, command }) => [name, command]));
  for (const { name, command } of commands) {
    const help = helpOf(command);
    for (const line of help.slice(help.indexOf('Examples:')).matchAll(/(?<= )whatsapp-sender ([a-z][^\n&]*)/g)) {
      const words = (line[1] ?? '').split(' ');
      const found = known.get(`${words[0] ?? ''} ${words[1] ?? ''}`) ?? known.get(words[0] ?? '');
      assert.ok(found !== undefined, `${name}: ${line[0]}`);
      for (const flag of (line[1] ?? '').match(/(?<= )--[a-z-]+/g) ?? []) {
        assert.ok(
          found.options.some((option) => option.long === flag),
          `${name}: ${flag} in "${line[0]}"`,
        );
      }
    }
  }
});

test('docs/cli.md names every command and every exit code', () => {
  const docs = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  for (const { name } of commands) assert.ok(docs.includes(`\`${name}`), `docs/cli.md does not name "${name}"`);
  for (const code of ['0', '1', '2', '3', '130']) assert.match(docs, new RegExp(`^\\| ${code} \\|`, 'm'));
});

test('a mapping takes a column with = and a fixed text with :=, whatever signs they hold', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9._]{0,20}$/), fc.stringMatching(/^\S.{0,20}\S$/), (key, text) => {
      assert.deepEqual(parseMapping(`${key}=${text}`), { [key]: { column: text } });
      assert.deepEqual(parseMapping(`${key}:=${text}`), { [key]: { value: text } });
    }),
  );
  assert.deepEqual(parseMapping('b=x', { a: { value: '1' } }), { a: { value: '1' }, b: { column: 'x' } });
  assert.deepEqual(parseMapping('a:='), { a: { value: '' } });
});

test('refuses a mapping without a key, without a column, or given twice', () => {
  for (const text of ['', 'name', '=x', ':=x', 'name=', 'name= ']) assert.throws(() => parseMapping(text), /key=column/, text);
  assert.throws(() => parseMapping('a=x', { a: { column: 'y' } }), /mapped twice/);
  assert.throws(() => parseNamed('a=x', { a: 'y' }), /given twice/);
});

test('takes a time only with its zone, and tells it in UTC', () => {
  assert.equal(parseTime('2030-01-31T09:00-05:00'), '2030-01-31T14:00:00.000Z');
  assert.equal(parseTime('2030-01-31 09:00:30Z'), '2030-01-31T09:00:30.000Z');
  assert.equal(parseTime('2030-01-31T09:00+0530'), '2030-01-31T03:30:00.000Z');
  for (const text of ['2030-01-31T09:00', 'tomorrow', '2030-01-31', '2030-13-31T09:00Z', ''])
    assert.throws(() => parseTime(text), /with its zone/, text);
});

test('refuses an id that is no whole number', () => {
  assert.equal(parseId('12'), 12);
  for (const text of ['0', '-1', '1.5', 'abc', '', '1e3', '12345678901'])
    assert.throws(() => parseId(text), /whole number/, text);
});

test('reads the same events however the bytes were cut, and no comment as one', async () => {
  const text = 'retry: 2000\n\n: alive\n\nid: 1\ndata: {"name":"Campaña"}\n\ndata: a\ndata: b\n\ndata: unfinished';
  const whole = new TextEncoder().encode(text);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: whole.length - 1 })), async (cuts) => {
      const points = [0, ...new Set([...cuts].sort((a, b) => a - b)), whole.length];
      const chunks = points.slice(1).map((end, i) => whole.subarray(points[i], end));
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield* chunks;
      }
      assert.deepEqual(await gather(readEvents(stream())), ['{"name":"Campaña"}', 'a\nb']);
    }),
  );
});

async function gather(events: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const event of events) found.push(event);
  return found;
}

test('writes figures for people', () => {
  assert.equal(duration(59.6), '1 min 0 s');
  assert.equal(duration(3_725), '1 h 2 min');
  assert.equal(duration(3 * 86_400), '3 days 0 h');
  assert.equal(bytes(999), '999 B');
  assert.equal(bytes(23_777_808), '23.8 MB');
  assert.equal(
    table(
      ['NAME', 'N'],
      [
        ['a', '1'],
        ['bbbbb', '1,000'],
      ],
    ),
    'NAME       N\na          1\nbbbbb  1,000',
  );
});

function target(
  options: { url?: string; key?: string },
  settings: Record<string, string>,
  env: { url?: string; key?: string } = {},
): ReturnType<typeof findTarget> {
  return findTarget(options, {
    env: () => ({ url: env.url, key: env.key }),
    settings: () => {
      const result = loadConfig(settings);
      assert.ok(result.ok);
      return result;
    },
  });
}

test('a key kept on this machine goes to its own server and to no other', () => {
  const settings = { ADMIN_API_KEY: 'kept-on-this-machine', PORT: '8000', PUBLIC_URL: 'https://wa.example.com' };
  assert.deepEqual(target({}, settings).urls, ['http://127.0.0.1:8000', 'https://wa.example.com']);
  for (const url of [undefined, 'http://localhost:9000', '127.0.0.1:8000', 'http://[::1]:8000', 'https://wa.example.com/']) {
    assert.equal(target(url === undefined ? {} : { url }, settings).key, 'kept-on-this-machine', url);
  }
  for (const url of [
    'https://other.example.com',
    'https://wa.example.com.evil.test',
    'http://localhost.evil.test',
    'http://wa.example.com',
  ]) {
    assert.equal(target({ url }, settings).key, undefined, url);
    assert.equal(target({ url }, settings, { key: 'given' }).key, 'given');
  }
  assert.equal(target({ key: 'flag' }, settings, { key: 'env' }).key, 'flag');
  assert.deepEqual(target({ url: 'https://a.test/api/v1/' }, settings, { url: 'https://b.test' }).urls, ['https://a.test']);
});

test('a campaign that runs on a number at a standstill is told with the time and the cause', () => {
  const reason = { meta_code: 131048, message: 'People are blocking you.' };
  assert.equal(
    standstill({ stopped_until: '2030-01-31T14:00:05.000Z', reason }),
    'the number stands still until 14:00:05 UTC: People are blocking you. (Meta 131048)',
  );
  assert.equal(standstill({ stopped_until: null, reason }), undefined);
  assert.equal(standstill(null), undefined);
});

test('refuses an address that is none, and a server whose port is not known', () => {
  assert.throws(() => target({ url: 'ftp://x' }, {}), /is not an address/);
  assert.throws(() => target({ url: 'http://' }, {}), /is not an address/);
  assert.throws(() => target({}, { PORT: '0' }), /--url/);
});

test('an answer that could not be written is no success', {
  skip: existsSync('/dev/full') ? false : 'there is no /dev/full',
}, () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, ['--import', './scripts/ts.mjs', main, 'help'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.deepEqual([status, stderr.split('.')[0]], [1, 'The output cannot be written: the disk is full']);
});
