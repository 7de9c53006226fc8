import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../src/lib/db/db.ts';
import { beginRemoval } from '../../src/recipients/remove-upload.sql.ts';
import { openFileDb } from '../support/db.ts';
import { NUMBER } from '../support/factories.ts';
import { ADMIN, openDoor, textOf } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);
const SEED_CSV = 'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,Juan,Pérez\n+573001234568,María,García\n';

test('the five steps of a first campaign work as written', async () => {
  const templates = await door.call('GET', '/api/v1/templates');
  const [template] = templates.json['data'] as {
    name: string;
    language: string;
    status: string;
    variables: { key: string }[];
    usable: boolean;
  }[];
  assert.deepEqual(
    [template?.name, template?.language, template?.status, template?.usable],
    ['bienvenida', 'es', 'APPROVED', true],
  );
  assert.deepEqual(
    template?.variables.map(({ key }) => key),
    ['body.1', 'body.2'],
  );

  const made = await door.call('POST', '/api/v1/campaigns', {
    body: { name: 'Mi Campaña', template_name: 'bienvenida', template_language: 'es', description: 'Campaña de bienvenida' },
  });
  assert.deepEqual(
    [made.status, made.json['status'], made.json['total_recipients'], made.json['created_by']],
    [201, 'draft', 0, 'ADMIN_API_KEY'],
  );
  const path = `/api/v1/campaigns/${String(made.json['id'])}`;
  assert.equal(made.headers.get('location'), path);

  const refused = await door.call('POST', `${path}/start`);
  assert.deepEqual(
    [refused.status, refused.json['code'], refused.json['title']],
    [409, 'campaign_cannot_be_started', 'Campaign cannot be started'],
  );
  assert.ok((refused.json['reasons'] as { code: string }[]).some(({ code }) => code === 'no_recipients'));

  const report = await door.upload(Number(made.json['id']), SEED_CSV);
  assert.equal(report.status, 200, report.text);
  assert.deepEqual(
    [
      report.json['total_rows'],
      report.json['valid_rows'],
      report.json['invalid_rows'],
      report.json['duplicate_rows'],
      report.json['suppressed_rows'],
    ],
    [2, 2, 0, 0, 0],
  );
  const ready = await door.call('GET', `${path}/preflight`);
  assert.deepEqual([ready.json['ready'], ready.json['recipients'], ready.json['estimated_cost']], [true, 2, 0.01]);

  const started = await door.call('POST', `${path}/start`);
  assert.deepEqual(
    [started.status, started.json['status'], started.json['total_recipients'], started.json['estimated_cost']],
    [200, 'running', 2, 0.01],
  );
  assert.ok(door.woken.includes(Number(made.json['id'])));
  const again = await door.call('POST', `${path}/start`);
  assert.deepEqual([again.status, again.json['code']], [409, 'campaign_already_running']);

  const stats = await door.call('GET', `${path}/stats`);
  assert.deepEqual(
    [stats.json['total_recipients'], (stats.json['by_status'] as { pending: number }).pending, stats.json['success_rate']],
    [2, 2, null],
  );
  const paused = await door.call('POST', `${path}/pause`);
  assert.deepEqual([paused.json['status'], paused.json['in_flight']], ['paused', 0]);
  assert.equal((await door.call('POST', `${path}/resume`)).json['status'], 'running');
  assert.equal((await door.call('POST', `${path}/cancel`)).json['status'], 'cancelled');
  const proof = await door.call('GET', `${path}/recount`);
  assert.deepEqual([proof.json['ok'], (proof.json['by_status'] as { cancelled: number }).cancelled], [true, 2]);
});

test('a draft with an empty cell is repaired as the preflight says: the file is taken off, corrected and uploaded again', async () => {
  const made = await door.call('POST', '/api/v1/campaigns', {
    body: {
      name: 'Con un hueco',
      template_name: 'bienvenida',
      template_language: 'es',
      mapping: { 'body.1': { column: 'variable_1' }, 'body.2': { value: 'Ruiz' } },
    },
  });
  const id = Number(made.json['id']);
  const path = `/api/v1/campaigns/${String(id)}`;
  const first = await door.upload(id, SEED_CSV.replace('Pérez', ''));
  assert.equal(first.json['valid_rows'], 2, first.text);
  await door.call('PUT', path, {
    body: { mapping: { 'body.1': { column: 'variable_1' }, 'body.2': { column: 'variable_2' } } },
  });
  const checks = (await door.call('GET', `${path}/preflight`)).json['checks'] as { code: string; message: string }[];
  const gap = checks.find(({ code }) => code === 'values_missing')?.message ?? '';
  assert.match(gap, /^1 person of upload \d+ \(gente\.csv\), line 2, has no value in "variable_2"\./);
  const way = /DELETE (\S+)\)/.exec(gap)?.[1] ?? '';
  assert.equal(way, `${path}/uploads/${String(first.json['upload_id'])}`);

  const removed = await door.call('DELETE', way);
  assert.deepEqual(
    [removed.status, removed.json['removed_recipients'], removed.json['total_recipients']],
    [200, 2, 0],
    removed.text,
  );
  assert.equal((await door.call('DELETE', way)).status, 404);
  assert.deepEqual((await door.call('GET', `${path}/uploads`)).json, { data: [], total: 0 });
  const again = await door.upload(id, SEED_CSV);
  assert.deepEqual([again.json['valid_rows'], again.json['duplicate_rows']], [2, 0]);
  assert.equal((await door.call('GET', `${path}/recount`)).json['ok'], true);
  assert.equal((await door.call('POST', `${path}/start`)).json['status'], 'running');
  const late = await door.call('DELETE', `${path}/uploads/${String(again.json['upload_id'])}`);
  assert.deepEqual([late.status, late.json['code']], [409, 'campaign_wrong_state']);
  const trail = await door.call('GET', `/api/v1/audit?campaign_id=${String(id)}&action=campaign.remove_upload`);
  assert.equal((trail.json['data'] as unknown[]).length, 1, trail.text);
});

test('a mapping that no file can put right is refused at once, with what there is to choose from', async () => {
  const base = { name: 'x', template_name: 'bienvenida', template_language: 'es' };
  const wrong = { mapping: { 'body.3': { column: 'variable_1' } } };
  const made = await door.call('POST', '/api/v1/campaigns', { body: { ...base, ...wrong } });
  assert.deepEqual([made.status, made.json['code']], [422, 'invalid_parameters']);
  const [fault] = made.json['errors'] as { field: string; message: string }[];
  assert.equal(fault?.field, 'mapping.body.3');
  assert.match(fault.message, /is not a variable of this template\. Its variables are: body\.1, body\.2\./);

  // A column may be named before there is a file that has it.
  const early = { mapping: { 'body.1': { column: 'nombre' } } };
  const draft = await door.call('POST', '/api/v1/campaigns', { body: { ...base, ...early } });
  assert.equal(draft.status, 201, draft.text);
  const path = `/api/v1/campaigns/${String(draft.json['id'])}`;
  assert.equal((await door.call('PUT', path, { body: wrong })).json['code'], 'invalid_parameters');
  assert.equal((await door.call('PUT', path, { body: { mapping: { 'body.1': { column: 'apodo' } } } })).status, 200);
  await door.call('PUT', path, { body: early });
  await door.upload(Number(draft.json['id']), 'celular,nombre,ciudad\n3001234567,Ana,Cali\n');
  const missing = await door.call('PUT', path, { body: { mapping: { 'body.2': { column: 'Ciudád' } } } });
  assert.deepEqual([missing.status, missing.json['code']], [422, 'invalid_parameters']);
  assert.match(String(missing.json['detail']), /there is no column "Ciudád" in the file\. Did you mean "ciudad"\?/);
  assert.deepEqual((await door.call('GET', path)).json['mapping'], early.mapping);
  const right = await door.call('PUT', path, { body: { mapping: { 'body.2': { column: 'ciudad' } } } });
  assert.equal(right.status, 200, right.text);
  assert.equal((await door.call('POST', `${path}/duplicate`)).status, 201);
});

test('a second file with other columns is named, with the way to take it off', async () => {
  const id = await door.campaign();
  await door.upload(id, SEED_CSV);
  const other = await door.upload(id, 'celular,nombre,apellido\n3001239999,Eva,Díaz\n');
  assert.equal(other.json['valid_rows'], 1, other.text);
  const path = `/api/v1/campaigns/${String(id)}`;
  const report = await door.call('GET', `${path}/preflight`);
  const told = (report.json['checks'] as { code: string; message: string }[]).find(({ code }) => code === 'files_differ');
  const way = `${path}/uploads/${String(other.json['upload_id'])}`;
  assert.ok(told?.message.includes(`DELETE ${way}`), report.text);
  assert.equal((await door.call('DELETE', way)).json['total_recipients'], 2);
  assert.equal((await door.call('GET', `${path}/preflight`)).json['ready'], true);
});

test('a campaign neither starts nor takes a file while one is taken off its list', async () => {
  const id = await door.campaign();
  const path = `/api/v1/campaigns/${String(id)}`;
  const { json } = await door.upload(id, SEED_CSV);
  await beginRemoval(db, { campaignId: id, uploadId: Number(json['upload_id']) }, ['draft']);
  const start = await door.call('POST', `${path}/start`);
  assert.ok(
    (start.json['reasons'] as { code: string }[]).some(({ code }) => code === 'upload_being_removed'),
    start.text,
  );
  assert.equal((await door.upload(id, SEED_CSV)).json['code'], 'upload_in_progress');
  const [upload] = (await door.call('GET', `${path}/uploads`)).json['data'] as { status: string }[];
  assert.equal(upload?.status, 'removing');
  assert.equal((await door.call('DELETE', `${path}/uploads/${String(json['upload_id'])}`)).status, 200);
});

test('taking a file off needs the right that putting it on needs', async () => {
  const [reader, writer] = [await door.key('read'), await door.key('read', 'write')];
  const id = await door.campaign();
  const { json } = await door.upload(id, SEED_CSV);
  const path = `/api/v1/campaigns/${String(id)}`;
  const way = `${path}/uploads/${String(json['upload_id'])}`;
  assert.equal((await door.call('DELETE', way, { key: reader })).status, 403);
  await door.call('POST', `${path}/schedule`, { body: { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() } });
  assert.equal((await door.call('DELETE', way, { key: writer })).status, 403);
  await door.call('POST', `${path}/unschedule`);
  assert.equal((await door.call('DELETE', way, { key: writer })).status, 200);
});

test('a campaign is counted and checked once at a time, and another one meanwhile', async () => {
  let letGo: (value?: unknown) => void = () => undefined;
  const hold = new Promise((resolve) => (letGo = resolve));
  let waiting = 0;
  const wait = async (): Promise<void> => {
    waiting++;
    await hold;
  };
  const slow: Db = {
    kind: db.kind,
    query: async (...given) => {
      // The first statement of a preflight.
      if (given[0].includes('from uploads')) await wait();
      return db.query(...given);
    },
    tx: async (...given) => {
      await wait();
      return db.tx(...given);
    },
    close: () => Promise.resolve(),
  };
  const held = await openDoor(db, { db: slow });
  const [id, other] = [await door.campaign(), await door.campaign()];
  const paths = ['preflight', 'recount'];
  const first = paths.map((what) => held.call('GET', `/api/v1/campaigns/${String(id)}/${what}`));
  while (waiting < 2) await new Promise((resolve) => setImmediate(resolve));
  for (const what of paths) {
    const answer = await held.call('GET', `/api/v1/campaigns/${String(id)}/${what}`);
    assert.deepEqual([answer.status, answer.json['code'], answer.headers.get('retry-after')], [429, 'too_many_requests', '2']);
  }
  assert.equal((await held.call('POST', `/api/v1/campaigns/${String(id)}/recount`)).status, 429);
  const elsewhere = held.call('GET', `/api/v1/campaigns/${String(other)}/recount`);
  letGo();
  for (const answer of await Promise.all([...first, elsewhere])) assert.equal(answer.status, 200, answer.text);
  for (const what of paths) assert.equal((await held.call('GET', `/api/v1/campaigns/${String(id)}/${what}`)).status, 200);
});

test('a recount against the journal needs an administrator, a plain one does not', async () => {
  const key = await door.key('read', 'write', 'send');
  const path = `/api/v1/campaigns/${String(await door.campaign())}/recount`;
  assert.equal((await door.call('GET', path, { key })).status, 200);
  const answer = await door.call('GET', `${path}?journal=true`, { key });
  assert.deepEqual([answer.status, answer.json['scope']], [403, 'admin']);
  assert.equal((await door.call('GET', `${path}?journal=true`)).status, 200);
});

test('a campaign that does not exist is told by name everywhere', async () => {
  for (const [method, rest] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/stats'],
    ['GET', '/preflight'],
    ['GET', '/recipients'],
    ['GET', '/uploads'],
    ['GET', '/export.csv'],
    ['GET', '/chart'],
    ['POST', '/start'],
    ['POST', '/pause'],
    ['POST', '/cancel'],
    ['POST', '/retry'],
    ['POST', '/duplicate'],
  ] as const) {
    const answer = await door.call(method, `/api/v1/campaigns/999999${rest}`, method === 'PUT' ? { body: { name: 'x' } } : {});
    assert.deepEqual([answer.status, answer.json['code']], [404, 'campaign_not_found'], `${method} ${rest}: ${answer.text}`);
  }
  assert.equal((await door.upload(999_999, SEED_CSV)).json['code'], 'campaign_not_found');
});

test('an unknown template is the title people look for', async () => {
  const answer = await door.call('POST', '/api/v1/campaigns', {
    body: { name: 'x', template_name: 'nada', template_language: 'es' },
  });
  assert.deepEqual([answer.status, answer.json['code'], answer.json['title']], [404, 'template_not_found', 'Template not found']);
  assert.equal((await door.call('GET', '/api/v1/templates/nada')).json['title'], 'Template not found');
  assert.equal((await door.call('GET', '/api/v1/templates/bienvenida?language=en_US')).status, 404);
  assert.equal((await door.call('GET', '/api/v1/templates/bienvenida?language=es')).json['total'], 1);
});

test('PUT changes the fields it names, schedules and takes the schedule back', async () => {
  const id = await door.campaign('Vieja');
  const path = `/api/v1/campaigns/${String(id)}`;
  const changed = await door.call('PUT', path, { body: { name: 'Nueva', batch_size: 50, delay_between_batches: 60 } });
  assert.deepEqual(
    [changed.json['name'], changed.json['batch_size'], changed.json['delay_between_batches'], changed.json['template_name']],
    ['Nueva', 50, 60, 'bienvenida'],
  );
  const past = await door.call('PUT', path, { body: { name: 'No', scheduled_at: '2020-01-01T00:00:00Z' } });
  assert.deepEqual([past.status, (await door.call('GET', path)).json['name']], [400, 'Nueva']);
  const scheduled = await door.call('PUT', path, { body: { scheduled_at: '2099-01-31T09:00:00-05:00' } });
  assert.deepEqual([scheduled.json['status'], scheduled.json['scheduled_at']], ['scheduled', '2099-01-31T14:00:00.000Z']);
  const cleared = await door.call('PUT', path, { body: { scheduled_at: null, batch_size: null } });
  assert.deepEqual([cleared.json['status'], cleared.json['scheduled_at'], cleared.json['batch_size']], ['draft', null, null]);
  assert.equal(
    (await door.call('POST', `${path}/schedule`, { body: { scheduled_at: '2099-01-31T14:00:00Z' } })).json['status'],
    'scheduled',
  );
  assert.equal((await door.call('POST', `${path}/unschedule`)).json['status'], 'draft');
  assert.equal((await door.call('DELETE', path)).status, 204);
  assert.equal((await door.call('GET', path)).status, 404);
});

test('a schedule says what would make it fail at its time', async () => {
  const id = await door.campaign();
  const path = `/api/v1/campaigns/${String(id)}`;
  const at = { scheduled_at: '2099-01-31T14:00:00Z' };
  const codes = (answer: { json: Record<string, unknown> }): string[] => [
    ...new Set((answer.json['warnings'] as { code: string }[]).map(({ code }) => code)),
  ];
  const nobody = ['no_recipients', 'variable_unmapped'];
  const empty = await door.call('POST', `${path}/schedule`, { body: at });
  assert.deepEqual([empty.status, empty.json['status'], codes(empty)], [200, 'scheduled', nobody]);
  assert.deepEqual(codes(await door.call('PUT', path, { body: at })), nobody);
  const body = { name: 'x', template_name: 'bienvenida', template_language: 'es', ...at };
  assert.deepEqual(codes(await door.call('POST', '/api/v1/campaigns', { body })), nobody);
  await door.upload(id, SEED_CSV);
  assert.deepEqual(codes(await door.call('POST', `${path}/schedule`, { body: at })), []);
  assert.deepEqual(codes(await door.call('PUT', path, { body: { scheduled_at: null } })), []);
});

test('messages of unknown outcome are decided on after the grace time, and the answer says when that is', async () => {
  const id = await door.campaign();
  await door.upload(id, SEED_CSV);
  const path = `/api/v1/campaigns/${String(id)}`;
  await door.call('POST', `${path}/start`);
  await db.query(`update messages set status = 'unknown', attempt = 1, reason = 'timeout' where campaign_id = $1`, [id]);
  await db.query(
    `insert into message_events (campaign_id, message_id, attempt, kind) select campaign_id, id, 1, 'unknown' from messages where campaign_id = $1`,
    [id],
  );
  for (const decision of ['close', 'resend']) {
    const early = await door.call('POST', `${path}/resolve-unknown`, { body: { decision } });
    const { messages, last_at: last } = early.json['within_grace'] as { messages: number; last_at: string };
    assert.deepEqual([early.status, early.json['code'], messages], [409, 'grace_time_not_over', 2], early.text);
    assert.ok(Date.parse(last) > Date.now() + 50 * 60_000, last);
  }
  await db.query(`update message_events set at = at - interval '2 hours' where campaign_id = $1 and message_id = 1`, [id]);
  const closed = await door.call('POST', `${path}/resolve-unknown`, { body: { decision: 'close' } });
  assert.deepEqual(
    [closed.status, closed.json['decided'], (closed.json['within_grace'] as { messages: number }).messages],
    [200, 1, 1],
    closed.text,
  );
});

test('the figures say that the number stands still, until when and why, and nothing of it once the campaign is over', async () => {
  const stoppedUntilMs = Date.now() + 3_600_000;
  const pace = { rate: 17, ceiling: 68, stoppedUntilMs, slowedAtMs: 1, climbedAtMs: stoppedUntilMs, slowedBy: 131048 };
  const slowed = await openDoor(db, {
    paceOf: (number) => Promise.resolve(number === NUMBER ? pace : undefined),
  });
  const id = await door.campaign();
  await door.upload(id, SEED_CSV);
  const path = `/api/v1/campaigns/${String(id)}`;
  assert.equal((await slowed.call('GET', `${path}/stats`)).json['pace'], null);
  await door.call('POST', `${path}/start`);
  const shown = (await slowed.call('GET', `${path}/stats`)).json['pace'] as {
    messages_per_second: number;
    stopped_until: string;
    reason: { meta_code: number; message: string };
  };
  assert.deepEqual(
    [shown.messages_per_second, shown.stopped_until, shown.reason.meta_code],
    [17, new Date(stoppedUntilMs).toISOString(), 131048],
  );
  assert.match(shown.reason.message, /blocking or reporting/);
  await door.call('POST', `${path}/cancel`);
  assert.equal((await slowed.call('GET', `${path}/stats`)).json['pace'], null);
});

test('what a test send became is asked for by the number of its answer, and nothing else answers there', async () => {
  const id = await door.campaign();
  for (const other of [id, 999_999]) {
    const answer = await door.call('GET', `/api/v1/templates/send/${String(other)}`);
    assert.deepEqual([answer.status, answer.json['code']], [404, 'not_found'], answer.text);
  }
});

test('the list counts the campaigns of every state, and finds them by their template too', async () => {
  for (const name of ['Contada 1', 'Contada 2']) await door.campaign(name);
  const counted = await door.call('GET', '/api/v1/campaigns?search=contada&status=running');
  assert.deepEqual(
    [counted.json['total'], (counted.json['counts_by_status'] as { draft: number; running: number }).draft],
    [0, 2],
  );
  assert.deepEqual((counted.json['counts_by_status'] as { running: number }).running, 0);
  const byTemplate = await door.call('GET', '/api/v1/campaigns?search=bienveni');
  assert.ok(Number(byTemplate.json['total']) >= 2);
});

test('the list filters, searches, sorts and pages', async () => {
  for (const name of ['Orden b', 'Orden a', 'Orden c']) await door.campaign(name);
  const names = async (query: string): Promise<string[]> =>
    ((await door.call('GET', `/api/v1/campaigns?search=orden&${query}`)).json['data'] as { name: string }[]).map(
      (campaign) => campaign.name,
    );
  assert.deepEqual(await names('sort=name'), ['Orden a', 'Orden b', 'Orden c']);
  assert.deepEqual(await names('sort=-name&limit=1&offset=1'), ['Orden b']);
  assert.deepEqual(await names(''), ['Orden c', 'Orden a', 'Orden b']);
  assert.deepEqual(await names('status=running,paused'), []);
  const bad = await door.call('GET', '/api/v1/campaigns?status=flying&limit=0');
  assert.deepEqual((bad.json['errors'] as { field: string }[]).map(({ field }) => field).sort(), ['limit', 'status.0']);
});

test('recipients are listed by pages, by box and by number, each with a history', async () => {
  const id = await door.campaign();
  // Not in the order of their numbers.
  const people = Array.from({ length: 7 }, (_, i) => `+57300123450${String((i * 3) % 7)},P${String(i)},X`);
  await door.upload(id, `Recipient-Phone-Number,variable_1,variable_2\n${people.join('\n')}\n`);
  const path = `/api/v1/campaigns/${String(id)}/recipients`;
  for (const filter of ['', '&status=pending']) {
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await door.call(
        'GET',
        `${path}?limit=3${filter}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      assert.equal(page.json['total'], 7, page.text);
      seen.push(...(page.json['data'] as { id: number }[]).map((person) => person.id));
      cursor = textOf(page.json['next_cursor']);
    } while (cursor !== '');
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7]);
  }
  const phones = async (query: string): Promise<string[]> =>
    ((await door.call('GET', `${path}?phone=${encodeURIComponent(query)}`)).json['data'] as { phone: string }[]).map(
      (person) => person.phone,
    );
  assert.deepEqual(await phones('300 123 4502'), ['+573001234502']);
  assert.deepEqual(await phones('+57 (300) 1234503'), ['+573001234503']);
  assert.equal((await phones('57300')).length, 7);
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await door.call('GET', `${path}?phone=57300123&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
    pages.push(...(page.json['data'] as { phone: string }[]).map((person) => person.phone));
    cursor = page.json['next_cursor'] as string | null;
  }
  assert.deepEqual(
    pages,
    [...people].sort().map((line) => line.slice(0, 13)),
  );
  assert.deepEqual(await phones('+1 555'), []);
  assert.equal((await door.call('GET', `${path}?phone=12`)).status, 400);
  assert.equal((await door.call('GET', `${path}?cursor=nonsense`)).status, 400);
  assert.equal((await door.call('GET', `${path}?phone=57300&cursor=3_-infinity`)).status, 400);
  const one = await door.call('GET', `${path}/3`);
  assert.deepEqual(
    [one.json['phone'], one.json['status'], one.json['history'], one.json['replies']],
    ['+573001234506', 'pending', [], []],
  );
  assert.equal((await door.call('GET', `${path}/99`)).json['code'], 'recipient_not_found');
});

test('a search finds every spelling and length of a number, filters, and shows nobody of an upload that is not published', async () => {
  const id = await door.campaign();
  const numbers = ['+5491123456789', '+5215512345678', '+551187654321', '+573001234001', '+573001234002', '+573001234003'];
  await door.upload(
    id,
    `Recipient-Phone-Number,variable_1,variable_2\n${numbers.map((number) => `${number},Ana,Ruiz`).join('\n')}\n`,
  );
  await db.query(`update messages set status = 'skipped', reason = 'opted_out' where campaign_id = $1 and id = 5`, [id]);
  // Longer and shorter than the others, and beginning alike.
  for (const [row, number] of [
    [91, 57300123400],
    [92, 5730012340021],
  ] as const) {
    await db.query(
      `insert into recipients (campaign_id, id, person, phone, upload_id, row, data) values ($1, $2, $3, $3, 0, $2, '{}')`,
      [id, row, number],
    );
    await db.query(`insert into messages (campaign_id, id, status) values ($1, $2, 'pending')`, [id, row]);
  }
  const found = async (query: string): Promise<number[]> => {
    const ids: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const path = `/api/v1/campaigns/${String(id)}/recipients?limit=1&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = await door.call('GET', path);
      ids.push(...(page.json['data'] as { id: number }[]).map((person) => person.id));
      cursor = page.json['next_cursor'] as string | null;
    }
    return ids;
  };
  assert.deepEqual(await found('phone=%2B54911'), [1]);
  assert.deepEqual(await found('phone=5411'), [1]);
  assert.deepEqual(await found('phone=52155'), [2]);
  assert.deepEqual(await found('phone=55118'), [3]);
  assert.deepEqual(await found('phone=573001234'), [4, 5, 6]);
  assert.deepEqual(await found('phone=573001234&status=pending'), [4, 6]);
  assert.deepEqual(await found('phone=573001234&error_code=131026'), []);
  await db.query('update campaigns set published_through = 92 where id = $1', [id]);
  assert.deepEqual(await found('phone=573001234'), [91, 4, 5, 6, 92]);
});

test('a waiting retry is paged without losing or repeating anybody', async () => {
  const id = await door.campaign();
  const people = Array.from({ length: 6 }, (_, i) => `+57300123460${String(i)},P,X`);
  await door.upload(id, `Recipient-Phone-Number,variable_1,variable_2\n${people.join('\n')}\n`);
  await db.query(
    `update messages set due = timestamptz '2099-01-01 10:00:00.123456+00' + id * interval '1 microsecond' where campaign_id = $1`,
    [id],
  );
  const seen: number[] = [];
  let cursor = '';
  do {
    const page = await door.call(
      'GET',
      `/api/v1/campaigns/${String(id)}/recipients?status=pending&limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    assert.equal(page.status, 200, page.text);
    const data = page.json['data'] as { id: number; next_attempt_at: string }[];
    assert.ok(data.every((person) => person.next_attempt_at.startsWith('2099-01-01T10:00:00.123')));
    seen.push(...data.map((person) => person.id));
    cursor = textOf(page.json['next_cursor']);
  } while (cursor !== '' && seen.length < 20);
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6]);
});

test('refused rows and results come as CSV that no spreadsheet executes', async () => {
  const id = await door.campaign();
  const csv =
    'Recipient-Phone-Number,variable_1,variable_2\n+573001234567,"=HYPERLINK(""http://x"")",b\nnonsense,a,b\n+573001234567,a,b\n';
  const report = await door.upload(id, csv);
  assert.deepEqual([report.json['valid_rows'], report.json['invalid_rows'], report.json['duplicate_rows']], [1, 1, 1]);
  const [first] = report.json['errors'] as { row: number; column: string; value: string; error: string }[];
  assert.deepEqual([first?.row, first?.column, first?.value], [3, 'Recipient-Phone-Number', 'nonsense']);
  const results = await door.call('GET', `/api/v1/campaigns/${String(id)}/export.csv`);
  assert.match(results.headers.get('content-type') ?? '', /^text\/csv/);
  assert.match(results.headers.get('content-disposition') ?? '', /attachment; filename="campaign-\d+\.csv"/);
  assert.ok(results.text.includes('"\'=HYPERLINK'), results.text);
  assert.equal(results.text.trim().split('\r\n').length, 2);
  const uploadId = String(report.json['upload_id']);
  const rejected = await door.call('GET', `/api/v1/campaigns/${String(id)}/uploads/${uploadId}/rejected.csv`);
  assert.equal(rejected.text.trim().split('\r\n').length, 3, rejected.text);
  const other = await door.campaign();
  assert.equal((await door.call('GET', `/api/v1/campaigns/${String(other)}/uploads/${uploadId}/rejected.csv`)).status, 404);
  for (const file of ['export.csv', 'rejected.csv', `uploads/${uploadId}/rejected.csv`]) {
    const path = `/api/v1/campaigns/${String(id)}/${file}`;
    const { text } = await door.call('GET', `${path}?separator=semicolon`);
    assert.match(text, /;Recipient-Phone-Number;variable_1;variable_2\r\n/, file);
    assert.equal(text.split('\r\n')[0]?.replaceAll(';', ','), (await door.call('GET', path)).text.split('\r\n')[0]);
    const bad = await door.call('GET', `${path}?separator=tab`);
    assert.match(String(bad.json['detail']), /"separator": must be one of comma, semicolon\./);
  }
  const uploads = await door.call('GET', `/api/v1/campaigns/${String(id)}/uploads`);
  assert.equal((uploads.json['data'] as { upload_id: number }[])[0]?.upload_id, report.json['upload_id']);
});

test('an upload without a file, with another field, or cut off changes nothing', async () => {
  const id = await door.campaign();
  const path = `/api/v1/campaigns/${String(id)}/upload-recipients`;
  const wrongField = new FormData();
  wrongField.append('datei', new Blob([SEED_CSV]), 'x.csv');
  assert.deepEqual((await door.call('POST', path, { body: wrongField })).json['errors'], [
    { field: 'file', message: 'Is required.' },
  ]);
  const noFile = new FormData();
  noFile.append('phone_column', 'x');
  assert.equal((await door.call('POST', path, { body: noFile })).status, 400);

  const twoFiles = new FormData();
  twoFiles.append('file', new Blob([SEED_CSV]), 'x.csv');
  twoFiles.append('file', new Blob([SEED_CSV]), 'y.csv');
  assert.match(String((await door.call('POST', path, { body: twoFiles })).json['detail']), /more than one file/);
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(door.url);
  const head =
    '--b\r\ncontent-disposition: form-data; name="file"; filename="x.csv"\r\n\r\nRecipient-Phone-Number,variable_1,variable_2\n+573001234567,a,b\n';
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ADMIN}\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 100000\r\n\r\n${head}`,
        () => setImmediate(() => socket.destroy()),
      );
    });
    socket.on('close', () => {
      resolve();
    });
  });
  assert.deepEqual((await door.call('GET', `/api/v1/campaigns/${String(id)}/uploads`)).json['data'], []);
  assert.equal((await door.call('GET', `/api/v1/campaigns/${String(id)}`)).json['total_recipients'], 0);
  assert.equal((await door.upload(id, SEED_CSV)).json['valid_rows'], 2);
});

test('a duplicate is a new draft with the same settings and nobody on it', async () => {
  const id = await door.campaign('Original');
  await door.upload(id, SEED_CSV);
  const copy = await door.call('POST', `/api/v1/campaigns/${String(id)}/duplicate`);
  assert.deepEqual(
    [copy.status, copy.json['status'], copy.json['total_recipients'], copy.json['template_name']],
    [201, 'draft', 0, 'bienvenida'],
    copy.text,
  );
  assert.notEqual(copy.json['id'], id);
});

test('a template and a real row are shown as the person will see them', async () => {
  const shown = await door.call('POST', '/api/v1/templates/bienvenida/preview', {
    body: { language: 'es', row: { variable_1: 'Ana', variable_2: 'Ruiz' } },
  });
  assert.equal((shown.json['preview'] as { body: string }).body, 'Hola Ana Ruiz, te damos la bienvenida.', shown.text);
  const id = await door.campaign();
  await door.upload(id, SEED_CSV);
  const row = await door.call('GET', `/api/v1/campaigns/${String(id)}/preview?recipient_id=2`);
  assert.equal((row.json['preview'] as { body: string }).body, 'Hola María García, te damos la bienvenida.', row.text);
});

test('opting out by hand holds from then on, and the proof stays when it is lifted', async () => {
  const added = await door.call('POST', '/api/v1/opt-outs', { body: { phone: '300 999 8877', note: 'por teléfono' } });
  assert.deepEqual([added.status, added.json['phone'], added.json['scope']], [201, '+573009998877', 'all'], added.text);
  const id = await door.campaign();
  const report = await door.upload(id, 'Recipient-Phone-Number,variable_1,variable_2\n+573009998877,a,b\n+573009998878,a,b\n');
  assert.deepEqual([report.json['valid_rows'], report.json['suppressed_rows']], [1, 1]);
  const found = await door.call('GET', '/api/v1/opt-outs?phone=%2B573009998877');
  assert.equal(found.json['total'], 1);
  const lifted = await door.call('DELETE', '/api/v1/opt-outs/+573009998877');
  assert.deepEqual([lifted.status, lifted.json['still_opted_out']], [200, false], lifted.text);
  assert.equal((await door.call('DELETE', '/api/v1/opt-outs/+573009998877')).status, 404);
  assert.equal((await door.call('POST', '/api/v1/opt-outs', { body: { phone: 'no' } })).json['code'], 'invalid_phone_number');
});

test('stopping everything pauses what runs and keeps the rest from starting, until it is lifted', async () => {
  const running = await door.campaign();
  await door.upload(running, SEED_CSV);
  await door.call('POST', `/api/v1/campaigns/${String(running)}/start`);
  const stop = await door.call('POST', '/api/v1/stop-everything');
  assert.ok((stop.json['paused_campaigns'] as number[]).includes(running));
  assert.notEqual((await door.call('GET', '/api/v1/status')).json['stopped_at'], null);
  assert.equal((await door.call('POST', `/api/v1/campaigns/${String(running)}/resume`)).status, 409);
  await door.call('POST', '/api/v1/lift-stop');
  assert.equal((await door.call('POST', `/api/v1/campaigns/${String(running)}/resume`)).status, 200);
});

test('a draft without a template takes a list, chooses the template later and is not started before that', async () => {
  const made = await door.call('POST', '/api/v1/campaigns', { body: { name: 'Undecided' } });
  assert.deepEqual([made.status, made.json['template_name'], made.json['template_language']], [201, null, null]);
  const path = `/api/v1/campaigns/${String(made.json['id'])}`;
  assert.equal((await door.upload(Number(made.json['id']), SEED_CSV)).status, 200);

  const preflight = await door.call('GET', `${path}/preflight`);
  assert.deepEqual(
    (preflight.json['checks'] as { level: string; code: string }[])
      .filter(({ level }) => level === 'red')
      .map(({ code }) => code),
    ['no_template'],
  );
  const refused = await door.call('POST', `${path}/start`);
  assert.deepEqual([refused.status, refused.json['code']], [409, 'campaign_cannot_be_started']);
  assert.match(JSON.stringify(refused.json['reasons']), /no_template/);
  const unseen = await door.call('GET', `${path}/preview`);
  assert.deepEqual([unseen.status, unseen.json['code']], [404, 'template_not_found']);

  const half = await door.call('PUT', path, { body: { template_name: 'bienvenida' } });
  assert.deepEqual([half.status, half.json['errors']], [400, [{ field: 'template_language', message: 'Is required.' }]]);
  const chosen = await door.call('PUT', path, { body: { template_name: 'bienvenida', template_language: 'es' } });
  assert.deepEqual([chosen.status, chosen.json['template_name']], [200, 'bienvenida'], chosen.text);
  assert.equal((await door.call('GET', `${path}/preflight`)).json['ready'], true);

  const off = await door.call('PUT', path, { body: { template_name: null } });
  assert.deepEqual([off.status, off.json['template_name'], off.json['template_language']], [200, null, null]);
  await door.call('PUT', path, { body: { template_name: 'bienvenida', template_language: 'es' } });
  assert.equal((await door.call('POST', `${path}/start`)).status, 200);
});
