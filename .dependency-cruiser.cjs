// What may import what (docs/architecture.md). A folder imports itself and the rows below it; two folders of one row never each other.
const ORDER = [
  ['cli'],
  ['app'],
  ['operations', 'live', 'page'],
  ['webhooks', 'campaigns'],
  ['sending', 'recipients'],
  ['replies'],
  ['lifecycle'],
  ['consent', 'numbers', 'templates', 'pricing', 'auth'],
  ['files'],
  ['audit'],
  ['config', 'whatsapp'],
  ['lib'],
];
/** Rules without I/O: exact paths, the same as in eslint.config.js. */
const PURE = require('./scripts/pure-files.json').map((path) => `^${path.replaceAll('.', '\\.')}$`);
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const src = (...folders) => `^src/(${folders.join('|')})/`;

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** One rule a folder: everything above it, and its neighbours in the row. */
const downward = ORDER.flatMap((row, level) =>
  row.map((folder) => {
    const above = [...ORDER.slice(0, level).flat(), ...row.filter((other) => other !== folder)];
    return forbid(
      `${folder}-imports-down`,
      `${folder} imports only itself and the rows below it.`,
      { path: src(folder) },
      { path: src(...above) },
    );
  }),
).filter(({ to }) => to.path !== '^src/()/');

module.exports = {
  forbidden: [
    forbid('no-circles', 'No circle of imports, type imports counted.', {}, { circular: true }),
    forbid('no-orphans', 'What nothing imports is no part of the program.', { path: '^src/', orphan: true }, {}),
    forbid(
      'rules-are-pure',
      'A pure rule knows no database, no HTTP and no file.',
      { path: PURE },
      {
        path: [
          '\\.sql\\.ts$',
          '^src/lib/(db|http|jobs)/',
          '^src/config/',
          '^(node:)?(fs|net|http|https|child_process)(/|$)',
          npm('fastify.*', 'pg', 'undici'),
        ],
      },
    ),
    ...downward,
    forbid(
      'no-unknown-folder',
      'Every folder of src stands in ORDER.',
      { path: '^src/' },
      { path: '^src/', pathNot: src(...ORDER.flat(), 'simulator') },
    ),
    forbid(
      'settings-are-handed-down',
      'Only app and cli see the settings; everyone else is handed what it needs.',
      { path: '^src/', pathNot: src('app', 'cli', 'config') },
      { path: '^src/config/' },
    ),
    forbid(
      'lib-is-general',
      'lib could ship in another product.',
      { path: '^src/lib/' },
      { path: '^src/', pathNot: '^src/lib/' },
    ),
    forbid(
      'simulator-knows-nothing',
      'The simulator is a product of its own.',
      { path: '^src/simulator/' },
      { path: '^src/', pathNot: '^src/simulator/' },
    ),
    forbid(
      'simulator-unknown',
      'Only app and cli know the simulator.',
      { path: '^src/', pathNot: src('simulator', 'app', 'cli') },
      { path: '^src/simulator/' },
    ),
    forbid(
      'pg-in-its-place',
      'The PostgreSQL driver.',
      { path: '^src/', pathNot: '^src/lib/db/' },
      { path: npm('pg', '@types/pg', 'pg-.*') },
    ),
    forbid(
      'pglite-in-its-place',
      'The embedded database.',
      { path: '^src/', pathNot: '^src/lib/db/pglite' },
      { path: npm('@electric-sql') },
    ),
    forbid(
      'redis-in-its-place',
      'The queue and the shared pace.',
      { path: '^src/', pathNot: ['^src/lib/jobs/', '^src/numbers/redis-pacer'] },
      { path: npm('bullmq', 'ioredis') },
    ),
    forbid(
      'undici-in-its-place',
      'The wire to Meta.',
      { path: '^src/', pathNot: ['^src/(whatsapp|simulator|cli|lib/http)/'] },
      { path: npm('undici') },
    ),
    forbid(
      'phone-library-in-its-place',
      'The phone library.',
      { path: '^src/', pathNot: '^src/lib/phone/' },
      { path: npm('libphonenumber-js') },
    ),
    forbid(
      'fastify-in-its-place',
      'The HTTP framework.',
      {
        path: '^src/',
        pathNot: ['^src/(lib/http|simulator)/', 'routes\\.ts$', '^src/auth/guard\\.ts$', '^src/app/server\\.ts$'],
      },
      { path: npm('fastify', 'fastify-.*', '@fastify') },
    ),
    forbid(
      'routes-are-registered',
      'Only app registers routes.',
      { path: '^src/', pathNot: '^src/(app|simulator)/' },
      { path: '^src/(?!simulator/).*routes\\.ts$' },
    ),
    forbid(
      'drivers-are-chosen-on-top',
      'Only app and cli name a concrete database or queue.',
      { path: '^src/', pathNot: src('app', 'cli', 'lib') },
      { path: ['^src/lib/db/(postgres|pglite)', '^src/lib/jobs/(bullmq|in-process)'] },
    ),
    forbid('page-speaks-http', 'The page and the server share no code.', { path: '^web/' }, { path: '^src/' }),
    forbid(
      'page-imports-down',
      'In the page: app, then the folders, then lib; folders meet in app only.',
      { path: '^web/src/lib/' },
      { path: '^web/src/(?!lib/)' },
    ),
    forbid('page-app-on-top', 'Only app knows app.', { path: '^web/src/(?!app/)' }, { path: '^web/src/app/' }),
    forbid(
      'page-folders-apart',
      'Two folders of the page never meet.',
      { path: '^web/src/((?!app/|lib/)[^/]+)/' },
      { path: '^web/src/(?!app/|lib/)[^/]+/', pathNot: '^web/src/$1/' },
    ),
    forbid('client-stands-alone', 'The client imports nothing of the server.', { path: '^client/' }, { path: '^(src|web)/' }),
    forbid(
      'server-without-tests',
      'What runs stands on nothing beside it.',
      { path: '^src/' },
      { path: '^(web|test|bench|scripts)/' },
    ),
    forbid(
      'no-dev-packages',
      'What runs is installed by those who run it.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid('nothing-unresolved', 'A path that leads nowhere.', {}, { couldNotResolve: true, pathNot: '^virtual:' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|data|node_modules/\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
    builtInModules: { add: ['node:test'] },
  },
};
