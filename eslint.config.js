import { readFileSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const PROCESS_ENV = {
  object: 'process',
  property: 'env',
  message: 'Only src/config/config.ts reads the environment; take what you need from Config.',
};

/** Rules without I/O, clock or chance: time and luck are parameters. Dependency-cruiser keeps them away from the database and HTTP. */
const PURE_FILES = JSON.parse(readFileSync(new URL('scripts/pure-files.json', import.meta.url), 'utf8'));

const SYNTAX = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels.' },
  { selector: 'TSEnumDeclaration', message: 'A union of literals says the same without code.' },
];

export default defineConfig(
  { ignores: ['client/schema.d.ts', 'dist/', 'coverage/', 'data/', 'node_modules/', 'bench/results/', 'test/fixtures/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // What kills queues: a forgotten await, a missing case, a thrown string.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'suite'], package: 'node:test' }] },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // An arrow that hands on what a call returns says so by its type.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: false }],
      // `async` without `await` is how a function keeps a promised signature.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...SYNTAX],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/config.ts'],
    rules: { 'no-restricted-properties': ['error', PROCESS_ENV] },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 420, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 90, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
  { files: ['src/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  // A plugin's function is the list of its routes.
  {
    files: ['src/**/*routes.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 200, skipBlankLines: true, skipComments: true }] },
  },
  // A table is as long as what it lists.
  { files: ['src/whatsapp/error-table.ts'], rules: { 'max-lines': 'off' } },
  {
    files: PURE_FILES,
    rules: {
      'no-restricted-properties': [
        'error',
        PROCESS_ENV,
        { object: 'Date', property: 'now', message: 'A pure rule has no clock of its own: take `now`.' },
        { object: 'Math', property: 'random', message: 'A pure rule has no chance of its own: take `random`.' },
      ],
      'no-restricted-syntax': [
        'error',
        ...SYNTAX,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'A pure rule has no clock of its own: take `now`.',
        },
      ],
    },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      // A handler that begins something and does not wait for it is how a page works; React looks after none of them.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The router's way to say where to go instead.
      '@typescript-eslint/only-throw-error': 'off',
      // What a body in JSON is, the API's description says.
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      // A test may assert what it has just made sure of.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
