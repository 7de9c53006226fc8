// The walls of the house (CONTRIBUTING.md): nouns as ground, verbs as rooms, doors on top; nothing points up.
const VERBS = ['access', 'campaigns', 'importing', 'sending', 'delivery', 'events', 'queue'];
const verbs = `^src/(${VERBS.join('|')})/`;
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid('no-circles', 'D1: no circle, type imports counted.', {}, { circular: true }),
    forbid(
      'domain-is-pure',
      'D2: the domain imports only itself.',
      { path: '^src/domain/' },
      { pathNot: ['^src/domain/', npm('libphonenumber-js')] },
    ),
    forbid(
      'phone-library',
      'D2: the phone library stays behind domain/phone.',
      { path: '^src/', pathNot: '^src/domain/phone' },
      { path: npm('libphonenumber-js') },
    ),
    forbid(
      'store-and-wire',
      'D3: store and whatsapp know only the domain and themselves.',
      { path: '^src/(store|whatsapp)/' },
      { path: '^src/', pathNot: ['^src/domain/', '^src/$1/'] },
    ),
    forbid(
      'verbs-below',
      'D4: verbs know domain, store and whatsapp, and the ground beside them.',
      { path: verbs },
      { path: '^src/', pathNot: ['^src/(domain|store|whatsapp|$1)/', '^src/(log|redact|waiting)\\.ts$'] },
    ),
    forbid(
      'templates-below',
      'D4: templates may use verbs, but no door.',
      { path: '^src/templates/' },
      { path: '^src/(http|worker|cli|simulator|app)' },
    ),
    forbid(
      'doors-below',
      'D4: doors know verbs and what is below, not each other.',
      { path: '^src/(http|worker)/' },
      { path: '^src/((http|worker)/|cli/|simulator/|app)', pathNot: '^src/$1/' },
    ),
    forbid(
      'ground-files',
      'Settings, log and waiting stand on nothing of the house.',
      { path: '^src/(config|config-names|config-parsers|config-settings|log|redact|waiting)\\.ts$' },
      { path: '^src/', pathNot: '^src/(config|config-names|config-parsers|config-settings|redact)\\.ts$' },
    ),
    forbid(
      'settings-are-handed-down',
      'Verbs and below take what they need; only app, cli and doors see Config.',
      { path: '^src/(domain|store|whatsapp|campaigns|importing|sending|delivery|events|queue|templates)/' },
      { path: '^src/config' },
    ),
    forbid('pg-in-its-place', 'D5', { path: '^src/', pathNot: '^src/store/db' }, { path: npm('pg', '@types/pg', 'pg-.*') }),
    forbid('pglite-in-its-place', 'D5', { path: '^src/', pathNot: '^src/store/db-pglite' }, { path: npm('@electric-sql') }),
    forbid('redis-in-its-place', 'D5', { path: '^src/', pathNot: '^src/queue/' }, { path: npm('bullmq', 'ioredis') }),
    forbid(
      'fastify-in-its-place',
      'D5',
      { path: '^src/', pathNot: '^src/(http|simulator)/' },
      { path: npm('fastify', 'fastify-.*', '@fastify') },
    ),
    forbid(
      'builders',
      'D6: only app and cli name a concrete database or queue.',
      { path: '^src/', pathNot: ['^src/(app|cli/)', '^src/store/', '^src/queue/'] },
      { path: ['^src/store/db-', '^src/queue/(bullmq|in-process|embedded)'] },
    ),
    forbid(
      'simulator-knows-nothing',
      'D7: the simulator is a product of its own.',
      { path: '^src/simulator/' },
      { path: '^src/', pathNot: '^src/simulator/' },
    ),
    forbid(
      'simulator-unknown',
      'D7: nobody but app and cli knows the simulator.',
      { path: '^src/', pathNot: ['^src/simulator/', '^src/(app|cli/)'] },
      { path: '^src/simulator/' },
    ),
    forbid(
      'nothing-on-top',
      'Only the command line stands on app.',
      { path: '^src/', pathNot: '^src/(app|cli/)' },
      { path: '^src/(app|cli/)' },
    ),
    forbid('web-speaks-http', 'D8: the page and the server share no code.', { path: '^web/' }, { path: '^src/' }),
    forbid('server-without-web', 'D8', { path: '^src/' }, { path: '^(web|test|bench|scripts)/' }),
    forbid(
      'no-dev-packages',
      'What runs is installed by those who run it.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid('nothing-unresolved', 'A path that leads nowhere.', {}, { couldNotResolve: true }),
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
