import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLogger, type Logger, type LogOptions, silentLogger } from '../../src/lib/log.ts';
import { createRedactor, HIDDEN, maskPhone } from '../../src/lib/redact.ts';

const META_TOKEN = 'EAAGm0PX4ZCpsBAKZCZAexample0123456789';
const KNOWN = 'a-very-known-secret-1';

function record(work: (log: Logger) => void, options: Partial<LogOptions> = {}): string {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  work(createLogger({ level: 'trace', secrets: [KNOWN], destination, ...options }));
  return written;
}

test('a phone keeps its country and its end', () => {
  assert.equal(maskPhone('+573001234567'), '+57300***4567');
  assert.equal(maskPhone('573001234567'), '57300***4567');
  assert.equal(maskPhone('+34 612 345 678'), '+3461***5678');
  assert.equal(maskPhone('12345678'), '1***5678');
  assert.equal(maskPhone('+1234'), '+***');
});

test('at least three digits of any phone are hidden, and masking twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{8,15}$/), (digits) => {
      const shown = maskPhone(`+${digits}`).replace(/\D/g, '');
      assert.ok(shown.length <= digits.length - 3 && digits.endsWith(shown.slice(-4)));
      const { text } = createRedactor();
      assert.equal(text(text(`to +${digits}.`)), text(`to +${digits}.`));
    }),
  );
});

const LEAKS: readonly (readonly [string, (log: Logger) => void, string])[] = [
  [
    'in a message',
    (log) => {
      log.info(`token ${META_TOKEN} was refused`);
    },
    META_TOKEN,
  ],
  [
    'put into a message',
    (log) => {
      log.info('token %s', META_TOKEN);
    },
    META_TOKEN,
  ],
  [
    'as a header',
    (log) => {
      log.info({ req: { headers: { authorization: 'Bearer abcdef.123' } } }, 'in');
    },
    'abcdef.123',
  ],
  [
    'as a bearer in text',
    (log) => {
      log.warn('sent with Authorization: Bearer abcdef.123');
    },
    'abcdef.123',
  ],
  [
    'as a field of any depth',
    (log) => {
      log.info({ a: [{ b: { app_secret: 'psst-psst' } }] });
    },
    'psst-psst',
  ],
  [
    'as a field in camel case',
    (log) => {
      log.info({ adminApiKey: 'psst-psst', sessionCookie: 'psst-psst' });
    },
    'psst-psst',
  ],
  [
    'in the query of an address',
    (log) => {
      log.info('GET /stream?ticket=psst-psst&x=1');
    },
    'psst-psst',
  ],
  [
    'in JSON within text',
    (log) => {
      log.info('body: {"access_token":"psst-psst","n":1}');
    },
    'psst-psst',
  ],
  [
    'as the password of an address',
    (log) => {
      log.info({ url: 'postgres://u:psst-psst@h/d' }, 'postgres://u:psst-psst@h/d');
    },
    'psst-psst',
  ],
  [
    'known from the settings',
    (log) => {
      log.info({ odd: `x${KNOWN}y` }, `…${KNOWN}…`);
    },
    KNOWN,
  ],
  [
    'in a lone error',
    (log) => {
      log.error(new Error(`no ${META_TOKEN}`));
    },
    META_TOKEN,
  ],
  [
    'in an error with a cause',
    (log) => {
      log.error({ err: new Error('a', { cause: new Error(KNOWN) }) }, 'b');
    },
    KNOWN,
  ],
  [
    'in a property of an error',
    (log) => {
      log.error(Object.assign(new Error('a'), { password: 'psst-psst' }));
    },
    'psst-psst',
  ],
  [
    'in the fields of a child',
    (log) => {
      log.child({ token: 'psst-psst' }).child({ note: KNOWN }).info('x');
    },
    'psst-psst',
  ],
  [
    'a phone in a message',
    (log) => {
      log.info('to +573001234567 now');
    },
    '3001234567',
  ],
  [
    'a phone without a plus',
    (log) => {
      log.info('to 573001234567, now');
    },
    '3001234567',
  ],
  [
    'a phone with spaces',
    (log) => {
      log.info('to +57 300 123 4567 now');
    },
    '123 4567',
  ],
  [
    'a phone as a number',
    (log) => {
      log.info({ phone: 573001234567, recipient_id: '573001234567' });
    },
    '3001234567',
  ],
  [
    'a phone as a bigint',
    (log) => {
      log.info({ person: 573001234567n });
    },
    '3001234567',
  ],
  [
    'a phone in an error',
    (log) => {
      log.error(new Error('invalid 573001234567'));
    },
    '3001234567',
  ],
];
for (const [where, write, leak] of LEAKS) {
  for (const format of ['json', 'pretty'] as const) {
    test(`nothing to be hidden is written: ${where} (${format})`, () => {
      const written = record(write, { format });
      assert.ok(written.length > 0);
      assert.ok(!written.includes(leak), written);
    });
  }
}

test('what helps to find a fault stays readable', () => {
  const line = record((log) => {
    log.info(
      {
        campaign_id: 7,
        phone_number_id: '106540352242922',
        wamid: 'wamid.HBgMNTczMDAxMjM0NTY3FQIAERgSMzQ5',
        fbtrace_id: 'A1b2C3d4',
        at: new Date('2026-01-02T03:04:05Z'),
        took_ms: 12,
        tokens_left: 3,
      },
      'sent %d of %d at 2026-01-02T03:04:05.678Z to +573001234567',
      1,
      2,
    );
  });
  const fields: unknown = JSON.parse(line);
  assert.ok(typeof fields === 'object' && fields !== null && 'time' in fields && typeof fields.time === 'string');
  assert.deepEqual(fields, {
    level: 'info',
    time: fields.time,
    campaign_id: 7,
    phone_number_id: '106540352242922',
    wamid: 'wamid.HBgMNTczMDAxMjM0NTY3FQIAERgSMzQ5',
    fbtrace_id: 'A1b2C3d4',
    at: '2026-01-02T03:04:05.000Z',
    took_ms: 12,
    tokens_left: 3,
    msg: 'sent 1 of 2 at 2026-01-02T03:04:05.678Z to +57300***4567',
  });
});

test('an error is logged with type, text, stack and cause', () => {
  const line = record((log) => {
    log.error({ err: new TypeError('outer', { cause: new Error('inner') }) }, 'went wrong');
  });
  assert.match(line, /"type":"TypeError","message":"outer","stack":"TypeError: outer\\n/);
  assert.match(line, /"cause":\{"type":"Error","message":"inner"/);
  assert.match(line, /"msg":"went wrong"/);
});

test('a password made of one plain word blots out no honest words', () => {
  assert.match(
    record(
      (log) => {
        log.info('connected to postgres');
      },
      { secrets: ['postgres', 'abc'] },
    ),
    /connected to postgres/,
  );
});

test('circles, depth, length and bytes are cut off, not thrown at', () => {
  const circle: Record<string, unknown> = { name: 'x' };
  circle['self'] = circle;
  let deep: unknown = 'bottom';
  for (let i = 0; i < 50; i += 1) deep = { deep };
  const line = record((log) => {
    log.info({
      circle,
      deep,
      bytes: Buffer.alloc(9),
      long: 'x'.repeat(100_000),
      many: Array.from({ length: 1000 }, (_, i) => i),
    });
  });
  assert.ok(line.length < 12_000);
  for (const mark of ['[circular]', '[deeper]', '[9 bytes]', '(100000 characters)', '900 more'])
    assert.ok(line.includes(mark), mark);
});

test('any value is made fit for the log', () => {
  const { value } = createRedactor([KNOWN]);
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      (anything) => {
        JSON.stringify(value(anything));
      },
    ),
  );
});

test('a map with keys of any kind is logged', () => {
  const odd: unknown = Object.create(null);
  assert.deepEqual(
    createRedactor().value(
      new Map<unknown, unknown>([
        [odd, 1],
        ['token', 'x'],
        [7, 'y'],
      ]),
    ),
    {
      '[object]': 1,
      token: HIDDEN,
      7: 'y',
    },
  );
});

test('a field named as a secret is hidden whatever it holds', () => {
  assert.deepEqual(
    createRedactor().value({ token: { nested: 1 }, password: 5, cookie: ['a'], secret: '', hasToken: true, token2: null }),
    {
      token: HIDDEN,
      password: HIDDEN,
      cookie: HIDDEN,
      secret: HIDDEN,
      hasToken: true,
      token2: null,
    },
  );
});

test('silent writes nothing, and a level hides what is below it', () => {
  assert.equal(
    record(
      (log) => {
        log.info('x');
      },
      { level: 'warn' },
    ),
    '',
  );
  assert.equal(silentLogger().isLevelEnabled('fatal'), false);
});
