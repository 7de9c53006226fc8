/**
 * Every statement in a `*.sql.ts` and in lib/db, found in the source and not by what other tests happen to run, is prepared on the engine: a name that
 * is not there, a parameter whose type cannot be told or a slip of syntax shows here, also in what is seldom run.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import ts from 'typescript';
import type { Db } from '../../src/lib/db/db.ts';
import { listCampaigns } from '../../src/lifecycle/campaign.sql.ts';
import { replaceText, TEXTS, textsWith } from '../../src/operations/erase-person.sql.ts';
import { eraseSome } from '../../src/operations/retention.sql.ts';
import { openFileDb } from '../support/db.ts';

const db = await openFileDb();
const SOURCES = new URL('../../src/', import.meta.url);
/** The drivers carry the statements of others; a vacuum cannot be prepared. */
const NO_STATEMENTS = new Set(
  ['postgres.ts', 'pglite.ts', 'pglite-thread.ts', 'migrate.ts', 'vacuum.ts'].map((name) => `lib/db/${name}`),
);
/** Texts put together from what only the call knows: each with a run that shows all it can become. */
const MADE_AT_RUN_TIME: Readonly<Record<string, () => Promise<string[]>>> = {
  'lifecycle/campaign.sql.ts listCampaigns': () =>
    shownBy(async (sql) => {
      for (const sort of ['created_at', 'name', 'status', 'started_at'] as const) {
        for (const descending of [true, false]) await listCampaigns(sql, { sort, descending, limit: 1, offset: 0 });
      }
    }),
  'operations/erase-person.sql.ts textsWith': () =>
    shownBy(async (sql) => {
      for (const column of TEXTS) await textsWith(sql, column, ['1']);
    }),
  'operations/erase-person.sql.ts replaceText': () =>
    shownBy(async (sql) => {
      for (const column of TEXTS) await replaceText(sql, column, { place: '(0,1)', text: '' }, null);
    }),
  'operations/retention.sql.ts eraseSome': () => shownBy((sql) => eraseSome(sql, 1, 1)),
};

async function shownBy(work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const listening: Db = {
    ...db,
    query: (text) => {
      texts.push(text);
      return Promise.resolve({ rows: [], rowCount: 0 });
    },
  };
  await work(listening);
  return texts;
}

interface Statement {
  readonly where: string;
  /** The expression that gives the text. */
  readonly source: string;
}

function statementsOf(file: ts.SourceFile): Statement[] {
  const found: Statement[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    const name = ts.isFunctionDeclaration(node) && node.name !== undefined ? node.name.text : owner;
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'query') {
      const [text] = node.arguments;
      if (text !== undefined) found.push({ where: name, source: text.getText(file) });
    }
    ts.forEachChild(node, (child) => {
      visit(child, name);
    });
  };
  visit(file, '');
  return found;
}

/** Evaluates the expressions where they stand: in their module, with what it imports. */
async function texts(name: string, path: URL): Promise<{ where: string; text: string | undefined }[]> {
  const file = ts.createSourceFile(name, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true);
  const imported: Record<string, unknown> = {};
  let body = '';
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement))
      Object.assign(imported, await import(resolved(statement, path)), { default: undefined });
    else
      body += statement
        .getText(file)
        .replace(/^export /, '')
        .concat('\n');
  }
  delete imported['default'];
  const script = ts
    .transpileModule(body, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 } })
    .outputText.replaceAll('import.meta.url', JSON.stringify(path.href))
    .replace(/^export \{\};$/m, '');
  const statements = statementsOf(file);
  if (statements.length === 0) return [];
  // Each in a function of its own: one that needs what only a call knows fails alone.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is this project's own source
  const evaluate = new Function(
    ...Object.keys(imported),
    `${script}\nreturn [${statements.map(({ source }) => `() => ${source}`).join(',\n')}];`,
  ) as (...values: readonly unknown[]) => (() => unknown)[];
  const values = evaluate(...Object.values(imported));
  return statements.map(({ where }, i) => {
    try {
      const text = values[i]?.();
      return { where, text: typeof text === 'string' ? text : undefined };
    } catch {
      return { where, text: undefined };
    }
  });
}

function resolved(statement: ts.ImportDeclaration, path: URL): string {
  const specifier = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : '';
  return specifier.startsWith('.') ? new URL(specifier, path).href : specifier;
}

/** Bare numbers of the statement, for the name under which it is prepared. */
let prepared = 0;

async function prepare(text: string): Promise<void> {
  // Commands that take no parameters cannot be prepared: they are run.
  if (/^(lock table|checkpoint)/.test(text)) {
    await db.tx((sql) => sql.query(text));
    return;
  }
  const name = `contract_${String(++prepared)}`;
  await db.tx(async (sql) => {
    await sql.query(`prepare ${name} as ${text.trim().replace(/;$/, '')}`);
    await sql.query(`deallocate ${name}`);
  });
}

for (const name of readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((file) => (file.endsWith('.sql.ts') || /^lib\/db\/.*\.ts$/.test(file)) && !NO_STATEMENTS.has(file))
  .sort()) {
  describe(`the statements of ${name}`, () => {
    test('are accepted by the database', async () => {
      for (const { where, text } of await texts(name, new URL(name, SOURCES))) {
        const known = MADE_AT_RUN_TIME[`${name} ${where}`];
        assert.ok(
          text !== undefined || known !== undefined,
          `${name} ${where}: put together at run time and not listed in this test`,
        );
        for (const one of text === undefined ? ((await known?.()) ?? []) : [text]) {
          await prepare(one).catch((error: unknown) => {
            assert.fail(`${name} ${where}: ${error instanceof Error ? error.message : String(error)}\n${one}`);
          });
        }
      }
    });
  });
}

test('the statements that are prepared are all there are', () => {
  assert.ok(prepared > 120, `only ${String(prepared)} were found`);
});
