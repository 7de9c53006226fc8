import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseWebhook, type WebhookItem } from '../../src/whatsapp/webhook.ts';
import { asArray, asDate, asObject } from '../../src/whatsapp/wire.ts';

const FOLDER = 'test/fixtures/meta/webhooks';
const NOW = new Date('2026-11-24T12:00:00Z');

function parseFile(name: string): WebhookItem[] {
  // The contacts beside a message are items of their own: see "who is named".
  return parseWebhook(JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as unknown, NOW).filter(
    (item) => item.kind !== 'contact',
  );
}

/** The one item of a kind that a sample holds. */
function only<K extends WebhookItem['kind']>(name: string, kind: K): Extract<WebhookItem, { kind: K }> {
  const items = parseFile(name);
  assert.deepEqual(
    items.map((item) => item.kind),
    [kind],
  );
  return items[0] as Extract<WebhookItem, { kind: K }>;
}

function change(field: string, value: unknown): unknown {
  return { object: 'whatsapp_business_account', entry: [{ id: '9', changes: [{ field, value }] }] };
}

/** What each sample is made of. Listed one by one: a new sample has to be looked at. */
const EXPECTED: readonly (readonly [pattern: RegExp, kind: WebhookItem['kind']])[] = [
  [/^pywa-message-status-|^whaloc-status-/, 'status'],
  [/-group-|^pywa-outgoing-message-/, 'unknown'],
  [/-user-marketing-preferences-/, 'preference'],
  [/^(pywa|whaloc)-template-/, 'template'],
  [/^whaloc-(phone-number-quality|business-capability-update)/, 'number'],
  [/^pywa-account-|^whaloc-account-/, 'account'],
  [/-message|^pywa-callback-|^pywa-flow-|-system-|^pywa-deleted-/, 'inbound'],
];

describe('the recorded webhooks', () => {
  for (const file of readdirSync(FOLDER)) {
    test(file, () => {
      const name = file.replace('.json', '');
      const kind = EXPECTED.find(([pattern]) => pattern.test(name))?.[1];
      assert.ok(kind !== undefined, 'a sample nobody looked at');
      const items = parseFile(name);
      assert.deepEqual(
        items.map((item) => item.kind),
        [kind],
      );
      const [item] = items;
      if (item?.kind === 'inbound') {
        assert.ok(item.id !== '' && item.type !== 'unknown');
        assert.ok(item.phoneNumberId !== undefined);
      }
    });
  }
});

describe('statuses', () => {
  test('carry the callback data, the person and the price', () => {
    const tracked = only('pywa-message-status-with-tracker', 'status');
    assert.equal(tracked.callbackData, 'some data');
    assert.equal(tracked.recipientId, '972987654321');
    assert.equal(tracked.timestamp.toISOString(), '2023-10-25T20:49:05.000Z');
    const sent = only('whaloc-status-sent', 'status');
    assert.equal(sent.status, 'sent');
    assert.equal(sent.pricing?.category, 'marketing');
    assert.equal(sent.phoneNumberId, '106540352242922');
  });

  test('carry the error of a failed one', () => {
    const failed = only('whaloc-status-failed', 'status');
    assert.deepEqual(failed.errors, [
      {
        code: 131049,
        message: 'This message was not delivered to maintain healthy ecosystem engagement.',
        details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
      },
    ]);
  });

  test('a voice message played has been read', () => {
    assert.equal(only('pywa-message-status-played', 'status').status, 'read');
  });

  test('a status no box exists for is unknown', () => {
    for (const status of ['deleted', 'warning', 'new', undefined, 7]) {
      assert.deepEqual(parseWebhook(change('messages', { statuses: [{ id: 'w', status }] }), NOW), [
        { kind: 'unknown', field: 'messages.statuses', raw: { id: 'w', status } },
      ]);
    }
  });

  test('an empty recipient is absent, a time in milliseconds is understood, a missing one is the time of receipt', () => {
    const [a, b] = parseWebhook(
      change('messages', {
        statuses: [
          { id: 'a', status: 'read', recipient_id: '', timestamp: 1750030073000, recipient_user_id: 'US.1' },
          { id: 'b', status: 'read' },
        ],
      }),
      NOW,
    );
    assert.ok(a?.kind === 'status' && b?.kind === 'status');
    assert.deepEqual([a.recipientId, a.recipientUserId, a.timestamp.getTime()], [undefined, 'US.1', 1750030073000]);
    assert.deepEqual(b.timestamp, NOW);
  });

  test('each of a thousand statuses is read, the odd ones among them left out of none', () => {
    const statuses = Array.from({ length: 1000 }, (_, i) =>
      i % 100 === 7 ? (i % 200 === 7 ? null : { status: 'sent' }) : { id: `w${String(i)}`, status: 'sent' },
    );
    const items = parseWebhook(change('messages', { statuses }), NOW);
    assert.equal(items.length, 1000);
    assert.equal(items.filter(({ kind }) => kind === 'status').length, 990);
  });

  test('every entry and every change is read, and an odd one spoils none of the others', () => {
    const good = {
      field: 'messages',
      value: {
        statuses: [{ id: 'w', status: 'sent' }],
        messages: [{ id: 'm', type: 'text' }],
        errors: [{ code: 130429, title: 't' }],
      },
    };
    const items = parseWebhook(
      { entry: [null, { changes: 'x' }, { changes: [7, {}, { field: 'messages' }, good] }, { id: 1, changes: [good] }] },
      NOW,
    );
    const kinds = items.map(({ kind }) => kind);
    assert.deepEqual(kinds, [
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'status',
      'inbound',
      'value_error',
      'status',
      'inbound',
      'value_error',
    ]);
  });
});

describe('inbound messages', () => {
  test('a tap on a template button gives its payload, its label and the message it answers', () => {
    const tap = only('meta-openapi-button-message', 'inbound');
    assert.equal(tap.payload, 'Unsubscribe');
    assert.equal(tap.text, 'Unsubscribe');
    assert.match(tap.contextWamid ?? '', /^wamid\.HBgLMTY1MDM4Nzk0MzkVAgARGBJF/);
    assert.equal(tap.from, '16505551234');
    assert.equal(tap.profileName, 'Sheena Nelson');
  });

  test('give what a person would read, by type', () => {
    const texts: Record<string, unknown> = {
      'meta-openapi-text-message': 'Does it come in another color?',
      'meta-openapi-reaction-message': '👍',
      'meta-openapi-contact-sharing-message': 'Lucía Gómez',
      'meta-openapi-interactive-list-reply-message': 'Priority Mail Express',
      'pywa-message-reply': 'replied text',
      'pywa-flow-completion-completion': 'Sent',
      'pywa-message-unsupported-with-type': undefined,
    };
    for (const [name, text] of Object.entries(texts)) assert.equal(only(name, 'inbound').text, text, name);
    assert.equal(only('meta-openapi-interactive-list-reply-message', 'inbound').payload, 'priority_express');
    assert.match(only('meta-openapi-reaction-message', 'inbound').contextWamid ?? '', /^wamid\./);
    assert.equal(only('meta-openapi-unsupported-message', 'inbound').type, 'unsupported');
  });

  test('a changed number gives the new one', () => {
    for (const name of ['whaloc-system-user-changed-number', 'meta-openapi-system-message']) {
      const item = only(name, 'inbound');
      assert.deepEqual([item.type, item.from, item.newWaId], ['system', '16505551234', '12195555358']);
    }
  });

  test('someone behind a username is known by the user id', () => {
    const [item] = parseWebhook(
      change('messages', {
        contacts: [{ user_id: 'US.1', profile: { name: 'Ana' } }],
        messages: [{ id: 'm', from: '', from_user_id: 'US.1', type: 'text', text: { body: 'BAJA' }, timestamp: '1750030073' }],
      }),
      NOW,
    );
    assert.ok(item?.kind === 'inbound');
    assert.deepEqual([item.from, item.fromUserId, item.profileName, item.text], [undefined, 'US.1', 'Ana', 'BAJA']);
  });
});

test('who is named: phone and ids of a contact are a pair, one without the other is none', () => {
  const contacts = [{ wa_id: '573001', user_id: 'CO.1', parent_user_id: 'CO.ENT.1' }, { wa_id: '573002' }, { user_id: 'CO.3' }];
  const items = parseWebhook(change('messages', { contacts, statuses: [] }), NOW);
  assert.deepEqual(items, [{ kind: 'contact', waId: '573001', userIds: ['CO.1', 'CO.ENT.1'], at: NOW }]);
});

describe('preferences and events', () => {
  test('a stop, a resume and a sign-up name the person, the choice and the time', () => {
    const resume = only('pywa-user-marketing-preferences-resume', 'preference');
    assert.deepEqual([resume.waId, resume.value, resume.category], ['16505551234', 'resume', 'marketing_messages']);
    assert.equal(only('pywa-user-marketing-preferences-signup', 'preference').value, 'signup');
    const [stop] = parseWebhook(
      change('user_preferences', { user_preferences: [{ wa_id: '1650', value: 'stop', timestamp: 1731705721 }] }),
      NOW,
    );
    assert.ok(stop?.kind === 'preference');
    assert.equal(stop.timestamp.toISOString(), '2024-11-15T21:22:01.000Z');
  });

  test('template events give id, name and language as a send writes them', () => {
    const approved = only('whaloc-template-approved', 'template');
    assert.deepEqual(
      [approved.what, approved.templateId, approved.name, approved.language, approved.wabaId],
      ['status', '1689556908129832', 'order_confirmation', 'en_US', '102290129340398'],
    );
    assert.ok(
      approved.what === 'status' &&
        approved.event === 'APPROVED' &&
        approved.reason === undefined &&
        approved.category === 'UTILITY',
    );
    assert.equal(approved.at.toISOString(), '2025-06-30T01:39:08.000Z');
    const rejected = only('whaloc-template-rejected', 'template');
    assert.ok(rejected.what === 'status' && rejected.reason === 'INVALID_FORMAT');
    const quality = only('pywa-template-quality-update-yellow', 'template');
    assert.ok(quality.what === 'quality' && quality.newQuality === 'YELLOW' && quality.previousQuality === 'GREEN');
    const category = only('pywa-template-category-update-marketing', 'template');
    assert.ok(category.what === 'category' && category.newCategory === 'MARKETING');
  });

  test('a quality change under another field’s name is known by its content', () => {
    const [item] = parseWebhook(
      change('message_template_status_update', { message_template_id: 1, message_template_name: 'n', new_quality_score: 'RED' }),
      NOW,
    );
    assert.ok(item?.kind === 'template' && item.what === 'quality' && item.newQuality === 'RED');
  });

  test('changed components are told apart from a template event without any sense', () => {
    const value = { message_template_id: 1, message_template_title: 't' };
    const [components] = parseWebhook(change('message_template_components_update', value), NOW);
    assert.ok(components?.kind === 'template' && components.what === 'components');
    assert.equal(parseWebhook(change('message_template_status_update', value), NOW)[0]?.kind, 'unknown');
  });

  test('every restriction of an event is read with its end, written as text or as a number', () => {
    const text = only('whaloc-account-restriction', 'account');
    assert.deepEqual(text.restrictions, [
      { type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiresAt: new Date('2025-05-29T17:46:34.000Z') },
    ]);
    const number = only('pywa-account-update-account-restriction', 'account');
    assert.deepEqual(
      number.restrictions?.map(({ expiresAt }) => expiresAt?.toISOString()),
      ['2022-01-04T21:08:18.000Z', '2022-01-04T21:08:18.000Z'],
    );
  });

  test('a ban, its announcement and its end are told apart; a partner is told of the account inside', () => {
    assert.equal(only('pywa-account-update-account-disabled', 'account').banState, 'REINSTATE');
    assert.equal(only('pywa-account-update-account-deleted', 'account').event, 'ACCOUNT_DELETED');
    assert.equal(only('pywa-account-update-partner-removed-wa-app-disconnection', 'account').wabaId, '980198427658004');
  });

  test('number events give the limit in every form that Meta has written it in', () => {
    assert.equal(only('whaloc-phone-number-quality', 'number').limit, 'TIER_UNLIMITED');
    assert.equal(only('whaloc-business-capability-update', 'number').limit, 1000);
    for (const limit of ['TIER_2K', 2000, -1]) {
      const [item] = parseWebhook(change('business_capability_update', { max_daily_conversations_per_business: limit }), NOW);
      assert.ok(item?.kind === 'number' && item.limit === limit);
    }
  });

  test('a field nobody knows is kept whole under its name', () => {
    const value = { anything: [1] };
    assert.deepEqual(parseWebhook(change('flows', value), NOW), [{ kind: 'unknown', field: 'flows', raw: value }]);
  });
});

describe('any JSON', () => {
  const KEYS = [
    'id',
    'status',
    'errors',
    'pricing',
    'type',
    'text',
    'button',
    'interactive',
    'context',
    'code',
    'value',
    'wa_id',
    'from',
    'timestamp',
    'event',
    'contacts',
    '__proto__',
    'constructor',
  ];
  const leaf = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      'sent',
      'read',
      'failed',
      'text',
      'button',
      'interactive',
      'system',
      'contacts',
      'constructor',
      1e300,
      -1,
      '',
    ),
  );
  const node = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...KEYS), tie('node'), { maxKeys: 6 }),
    ),
  })).node;
  const value = fc.dictionary(
    fc.constantFrom(
      'statuses',
      'messages',
      'errors',
      'contacts',
      'metadata',
      'user_preferences',
      'event',
      'message_template_id',
      'new_quality_score',
      'restriction_info',
      'ban_info',
    ),
    fc.oneof(fc.array(node), node),
  );
  const field = fc.constantFrom(
    'messages',
    'user_preferences',
    'account_update',
    'message_template_status_update',
    'business_capability_update',
    'x',
  );

  test('never throws, and gives at least one item for every payload that is not an empty list', () => {
    fc.assert(fc.property(fc.oneof(fc.jsonValue(), node), (payload) => void parseWebhook(payload, NOW)));
    assert.equal(parseWebhook(null, NOW).length, 1);
    assert.equal(parseWebhook({ entry: {} }, NOW).length, 1);
  });

  test('gives as many items as statuses, messages and errors came in, each with a usable time', () => {
    fc.assert(
      fc.property(field, value, (name, body) => {
        const items = parseWebhook(JSON.parse(JSON.stringify(change(name, body))) as unknown, NOW);
        for (const item of items) {
          if ('timestamp' in item) assert.ok(!Number.isNaN(item.timestamp.getTime()));
          if ('at' in item) assert.ok(!Number.isNaN(item.at.getTime()));
        }
        if (name !== 'messages') return;
        const parts = [body['statuses'], body['messages'], body['errors']].filter((part) => part !== undefined);
        const expected = parts.reduce<number>((sum, part) => sum + (Array.isArray(part) ? asArray(part).length : 1), 0);
        assert.equal(items.length, parts.length === 0 ? 1 : expected);
      }),
      { numRuns: 500 },
    );
  });

  test('reads dates only where there is one', () => {
    assert.equal(asDate('0'), undefined);
    assert.equal(asDate('never'), undefined);
    assert.equal(asDate(1e300), undefined);
    assert.equal(asDate(' '), undefined);
    assert.equal(asObject([]), undefined);
  });
});
