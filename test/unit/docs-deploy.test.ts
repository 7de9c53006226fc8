import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Registry } from 'prom-client';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/config.ts';
import { SETTING_NAMES } from '../../src/config/table.ts';
import type { Db } from '../../src/lib/db/db.ts';
import { createMetrics, PREFIX } from '../../src/operations/metrics.ts';

const root = new URL('../../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

interface Service {
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly healthcheck?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;

function metricNames(): Set<string> {
  const away: Db = {
    kind: 'postgres',
    query: () => Promise.reject(new Error('away')),
    tx: () => Promise.reject(new Error('away')),
    close: () => Promise.resolve(),
  };
  const metrics = createMetrics({ db: away, account: { mode: 'sandbox', phoneNumberId: '1' } });
  metrics.watch({
    inFlight: () => 0,
    unrecorded: () => 0,
    queue: () => ({ waiting: 0, running: 0 }),
    pacer: () => Promise.reject(new Error('none')),
  });
  const names = (registry: Registry): string[] => registry.getMetricsAsArray().map((metric) => metric.name);
  const plain = names(metrics.registry);
  // The histogram's series, and the one gauge that the door itself adds.
  return new Set([...plain, `${PREFIX}post_seconds_bucket`, `${PREFIX}live_streams`]);
}

function usedIn(text: string): string[] {
  return [...new Set(text.match(/whatsapp_sender_[a-z_]+/g) ?? [])].sort();
}

test('docker-compose up starts PostgreSQL and Redis and nothing else, both with a health check and a volume', () => {
  const always = Object.entries(compose.services).filter(([, service]) => service.profiles === undefined);
  assert.deepEqual(
    always.map(([name]) => name),
    ['postgres', 'redis'],
  );
  for (const [, service] of always) assert.ok(service.healthcheck);
  assert.match((compose.services['redis']?.command ?? []).join(' '), /--appendonly yes --maxmemory-policy noeviction/);
});

test('the profile app adds one api and two workers', () => {
  const app = Object.entries(compose.services).filter(([, service]) => service.profiles?.includes('app'));
  assert.deepEqual(app.map(([, service]) => service.command?.[0]).sort(), ['api', 'worker', 'worker']);
});

test('every setting reaches the containers, or is fixed there', () => {
  for (const name of ['api', 'worker-1', 'worker-2']) {
    const given = new Set(Object.keys(compose.services[name]?.environment ?? {}));
    const elsewhere = name === 'api' ? ['WORKER_PORT'] : ['PORT'];
    assert.deepEqual(
      SETTING_NAMES.filter((setting) => !given.has(setting)),
      elsewhere,
      name,
    );
  }
});

test('no password is made up for the program, and no container may do more than its work', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
  }
  for (const name of ['api', 'worker-1', 'worker-2']) {
    const environment = compose.services[name]?.environment ?? {};
    for (const setting of ['DB_PASSWORD', 'REDIS_PASSWORD', 'SECRET_KEY', 'ADMIN_API_KEY', 'WHATSAPP_APP_SECRET'])
      assert.equal(environment[setting], `\${${setting}:-}`, name);
    assert.equal(compose.services[name]?.cap_add, undefined);
  }
});

test('what the containers get with an empty .env is a valid configuration', () => {
  for (const name of ['api', 'worker-1']) {
    const environment = compose.services[name]?.environment ?? {};
    const filled = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, value.replace(/^\$\{[A-Z_]+:?-(.*)\}$/, '$1')]),
    );
    const loaded = loadConfig(filled);
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.faults.join(' '));
    assert.equal(loaded.config.database.kind, 'postgres');
    assert.ok(loaded.config.redis);
  }
});

test('the dashboard and the alerts use only figures that exist', () => {
  const names = metricNames();
  for (const path of ['deploy/grafana/whatsapp-sender.json', 'deploy/prometheus/alerts.yml']) {
    const used = usedIn(read(path));
    assert.ok(used.length > 5, path);
    assert.deepEqual(
      used.filter((name) => !names.has(name)),
      [],
      path,
    );
  }
});

test('every figure is explained in the operations page', () => {
  const page = read('docs/operations.md');
  const missing = [...metricNames()].filter((name) => !name.endsWith('_bucket') && !page.includes(name.slice(PREFIX.length)));
  assert.deepEqual(missing, []);
});

test('every alert is explained in the operations page', () => {
  const alerts = parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: { alert: string }[] }[] };
  const page = read('docs/operations.md');
  assert.deepEqual(
    alerts.groups
      .flatMap((group) => group.rules)
      .map((rule) => rule.alert)
      .filter((name) => !page.includes(name)),
    [],
  );
});

test('the image copies what the program needs and runs as nobody special', () => {
  const dockerfile = read('Dockerfile');
  for (const part of ['node_modules', 'migrations', 'dist', 'package.json'])
    assert.match(dockerfile, new RegExp(`COPY --from=build /app/${part} `));
  assert.match(dockerfile, /^USER node$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.match(dockerfile, /HOST=0\.0\.0\.0/);
});

test('every unit stops gently, restarts, and may write only to its own folder', () => {
  const units = readdirSync(new URL('deploy/systemd', root));
  assert.deepEqual(units, ['whatsapp-sender-api.service', 'whatsapp-sender-worker@.service', 'whatsapp-sender.service']);
  for (const unit of units) {
    const text = read(`deploy/systemd/${unit}`);
    for (const line of [
      'Restart=always',
      'TimeoutStopSec=30',
      'ProtectSystem=strict',
      'StateDirectory=whatsapp-sender',
      'NoNewPrivileges=yes',
    ]) {
      assert.ok(text.includes(`\n${line}\n`), `${unit}: ${line}`);
    }
  }
});
