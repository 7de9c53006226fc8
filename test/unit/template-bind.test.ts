import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { english } from '../../src/lib/words/sentence.ts';
import { compileTemplate, type Row } from '../../src/templates/compile.ts';
import type { Mapping } from '../../src/templates/mapping.ts';
import { normaliseValue } from '../../src/templates/normalise-value.ts';
import type { Template } from '../../src/templates/template.ts';
import { templateVariables } from '../../src/templates/variables.ts';
import { BIENVENIDA, PROMO, readJson, sampleNames, sampleTemplate, templateOf } from '../support/templates.ts';

/** Every variable from a column of its own name. */
function byKey(template: Template): Mapping {
  return Object.fromEntries(templateVariables(template).map(({ key }) => [key, { column: key }]));
}

function componentsOf(template: Template, row: Row): unknown[] {
  const bound = compileTemplate(template, byKey(template)).bind(row);
  assert.ok(bound.ok, JSON.stringify(bound));
  return bound.components;
}

function codesOf(template: Template, row: Row): string[] {
  return compileTemplate(template, byKey(template))
    .faults(row)
    .map(({ key, code }) => `${key} ${code}`);
}

describe("building Meta's JSON", () => {
  it('positional texts in the order of their numbers', () => {
    assert.deepEqual(componentsOf(BIENVENIDA, { 'body.1': 'Juan', 'body.2': 'Pérez' }), [
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Juan' },
          { type: 'text', text: 'Pérez' },
        ],
      },
    ]);
  });

  it('named texts with their names, and each kind of button at its own index', () => {
    const row = {
      'header.image': 'https://x.example/a.jpg',
      'body.first_name': 'Ana',
      'body.codigo_pedido': '7',
      'button.0.url': 'zapatos',
      'button.1.payload': 'stop',
      'button.3.copy_code': '25OFF',
    };
    assert.deepEqual(componentsOf(PROMO, row), [
      { type: 'header', parameters: [{ type: 'image', image: { link: 'https://x.example/a.jpg' } }] },
      {
        type: 'body',
        parameters: [
          { type: 'text', parameter_name: 'first_name', text: 'Ana' },
          { type: 'text', parameter_name: 'codigo_pedido', text: '7' },
        ],
      },
      { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'zapatos' }] },
      { type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: 'stop' }] },
      { type: 'button', sub_type: 'copy_code', index: '3', parameters: [{ type: 'coupon_code', coupon_code: '25OFF' }] },
    ]);
  });

  it('leaves out an optional button whose value is empty in this row', () => {
    const row = {
      'header.image': '1234567',
      'body.first_name': 'Ana',
      'body.codigo_pedido': '7',
      'button.0.url': 'z',
      'button.3.copy_code': 'A',
    };
    const types = componentsOf(PROMO, row).map((component) => (component as { sub_type?: string }).sub_type);
    assert.deepEqual(types, [undefined, undefined, 'url', 'copy_code']);
    assert.deepEqual(componentsOf(PROMO, row)[0], { type: 'header', parameters: [{ type: 'image', image: { id: '1234567' } }] });
  });

  it("Meta's own catalogue example, but for the letters' case and the index as text", () => {
    const sent = readJson('meta-openapi-send-send-catalog-template-message.json') as { template: { components: unknown[] } };
    const row = { 'body.1': '100', 'body.2': '400', 'body.3': '3', 'button.0.catalog': '2lc20305pt' };
    const [body, button] = sent.template.components as [object, object];
    assert.deepEqual(componentsOf(sampleTemplate('pywa-create-intro-catalog-offer'), row), [
      body,
      { ...button, sub_type: 'catalog', index: '0' },
    ]);
  });

  it('the one code of an authentication template in the body and in the button', () => {
    const listed = templateOf({
      name: 'otp',
      language: 'es',
      category: 'AUTHENTICATION',
      components: [
        { type: 'BODY', text: '*{{1}}* es tu código de verificación.', add_security_recommendation: true },
        {
          type: 'BUTTONS',
          buttons: [{ type: 'URL', text: 'Copiar', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}' }],
        },
      ],
    });
    for (const template of [sampleTemplate('pywa-create-authentication-code-copy-code-button'), listed]) {
      assert.deepEqual(componentsOf(template, { 'body.1': '081234' }), [
        { type: 'body', parameters: [{ type: 'text', text: '081234' }] },
        { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '081234' }] },
      ]);
    }
  });

  it('a place, with a decimal comma made a point and without the name it does not have', () => {
    const template = sampleTemplate('pywa-create-order-delivery-update');
    const row = {
      'header.location.latitude': '4,6533',
      'header.location.longitude': '-74.0836',
      'header.location.address': 'Cra 7',
      'body.1': 'a',
      'body.2': 'b',
    };
    assert.deepEqual(componentsOf(template, row)[0], {
      type: 'header',
      parameters: [{ type: 'location', location: { latitude: '4.6533', longitude: '-74.0836', address: 'Cra 7' } }],
    });
  });

  it('a document with its own name, or with the one its address ends in', () => {
    const template = sampleTemplate('pywa-create-order-confirmation');
    const row = {
      'header.document': 'https://x.example/f/factura%20de%20mayo.pdf?v=2',
      'header.document.filename': 'Mayo.pdf',
      'body.1': 'a',
      'body.2': 'b',
    };
    const documentOf = (mapping: Mapping): unknown => {
      const bound = compileTemplate(template, mapping).bind(row);
      assert.ok(bound.ok);
      return (bound.components[0] as { parameters: { document: unknown }[] }).parameters[0]?.document;
    };
    const link = row['header.document'];
    assert.deepEqual(documentOf(byKey(template)), { link, filename: 'Mayo.pdf' });
    const rest = Object.fromEntries(Object.entries(byKey(template)).filter(([key]) => key !== 'header.document.filename'));
    assert.deepEqual(documentOf(rest), { link, filename: 'factura de mayo.pdf' });
  });

  it('a limited-time offer in milliseconds, from a date or from milliseconds', () => {
    const template = sampleTemplate('pywa-create-limited-time-offer-caribbean-pkg-2023');
    const row = {
      'header.image': '1234567',
      'body.1': 'a',
      'body.2': 'b',
      'button.0.copy_code': 'CARIBE25',
      'button.1.url': 'x',
    };
    for (const expiration of [
      '2026-01-01T00:00:00Z',
      '1767225600000',
      '1767225600',
      '2026-01-01',
      '2025-12-31 19:00 -05:00',
      '2025-12-31T19:00-0500',
    ]) {
      assert.deepEqual(componentsOf(template, { ...row, 'limited_time_offer.expiration': expiration })[2], {
        type: 'limited_time_offer',
        parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1767225600000 } }],
      });
    }
    assert.deepEqual(codesOf(template, { ...row, 'limited_time_offer.expiration': 'mañana' }), [
      'limited_time_offer.expiration value_not_date',
    ]);
  });

  it('the cards of a carousel, each with its own values', () => {
    const template = sampleTemplate('pywa-create-carousel-template-media-cards-v1');
    const row = Object.fromEntries(
      templateVariables(template).map(({ key, kind }, i) => [key, kind === 'image' ? '1234567' : `v${String(i)}`]),
    );
    const bound = componentsOf(template, { ...row, 'card.1.button.0.payload': '' });
    const carousel = bound[1] as { cards: { card_index: number; components: { type: string; index?: string }[] }[] };
    assert.deepEqual(
      carousel.cards.map((card) => card.card_index),
      [0, 1, 2],
    );
    assert.deepEqual(
      carousel.cards.map((card) => card.components.map(({ type, index }) => type + (index ?? ''))),
      [
        ['header', 'button0', 'button1'],
        ['header', 'button1'],
        ['header', 'button0', 'button1'],
      ],
    );
    assert.deepEqual(carousel.cards[0]?.components[0], {
      type: 'header',
      parameters: [{ type: 'image', image: { id: '1234567' } }],
    });
  });

  it('products in sections, a product header, and an order as JSON', () => {
    const cart = sampleTemplate('pywa-create-abandoned-cart');
    const products = componentsOf(cart, { 'header.1': 'a', 'body.1': 'b', 'button.0.mpm': 'Zapatos: s1, s2; Gorras: g1' })[2];
    assert.deepEqual(products, {
      type: 'button',
      sub_type: 'mpm',
      index: '0',
      parameters: [
        {
          type: 'action',
          action: {
            thumbnail_product_retailer_id: 's1',
            sections: [
              { title: 'Zapatos', product_items: [{ product_retailer_id: 's1' }, { product_retailer_id: 's2' }] },
              { title: 'Gorras', product_items: [{ product_retailer_id: 'g1' }] },
            ],
          },
        },
      ],
    });
    const offer = { 'header.product': 'sku', 'header.product.catalog_id': '99', 'body.1': 'a', 'body.2': 'b' };
    assert.deepEqual(componentsOf(sampleTemplate('pywa-create-abandoned-cart-offer'), offer)[0], {
      type: 'header',
      parameters: [{ type: 'product', product: { product_retailer_id: 'sku', catalog_id: '99' } }],
    });
  });

  it('a flow with its token, its data, both, or nothing at all', () => {
    const template = templateOf({
      name: 'f',
      language: 'es',
      components: [
        { type: 'BODY', text: 'Hola' },
        { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Abrir' }] },
      ],
    });
    const action = (value: object): unknown[] => [
      { type: 'button', sub_type: 'flow', index: '0', parameters: [{ type: 'action', action: value }] },
    ];
    assert.deepEqual(componentsOf(template, {}), []);
    assert.deepEqual(componentsOf(template, { 'button.0.flow_token': 't' }), action({ flow_token: 't' }));
    const both = { 'button.0.flow_token': 't', 'button.0.flow_data': '{"a": 1}' };
    assert.deepEqual(componentsOf(template, both), action({ flow_token: 't', flow_action_data: { a: 1 } }));
  });

  it('the whole template object, without components when none are needed', () => {
    const hello = templateOf({ name: 'hello_world', language: 'en_US', components: [{ type: 'BODY', text: 'Hi' }] });
    assert.deepEqual(compileTemplate(hello, {}).templateJson({}), {
      ok: true,
      json: '{"name":"hello_world","language":{"code":"en_US"}}',
    });
    const compiled = compileTemplate(BIENVENIDA, { 'body.1': { column: 'variable_1' }, 'body.2': { value: 'Pérez' } });
    assert.deepEqual(compiled.columns, ['variable_1']);
    assert.deepEqual(compiled.templateJson({ variable_1: 'Juan' }), {
      ok: true,
      json: '{"name":"bienvenida","language":{"code":"es"},"components":[{"type":"body","parameters":[{"type":"text","text":"Juan"},{"type":"text","text":"Pérez"}]}]}',
    });
  });
});

describe('refusing a value', () => {
  const promo = {
    'header.image': '1234567',
    'body.first_name': 'Ana',
    'body.codigo_pedido': '7',
    'button.0.url': 'z',
    'button.3.copy_code': 'A',
  };

  it('an empty one, or one of nothing but space', () => {
    assert.deepEqual(codesOf(BIENVENIDA, { 'body.1': ' \n\t', 'body.2': 'x' }), ['body.1 value_missing']);
    assert.deepEqual(codesOf(BIENVENIDA, {}), ['body.1 value_missing', 'body.2 value_missing']);
  });

  it('names the column and what to do', () => {
    const [fault] = compileTemplate(BIENVENIDA, { 'body.1': { column: 'Nombre' }, 'body.2': { value: 'x' } }).faults({
      Nombre: '',
    });
    assert.ok(fault);
    assert.deepEqual(
      { ...fault, message: english(fault.message) },
      { key: 'body.1', column: 'Nombre', code: 'value_missing', message: 'Body {{1}} is empty. Fill it in.' },
    );
  });

  it('a media value that is neither an address nor an id, and an address of Meta', () => {
    assert.deepEqual(codesOf(PROMO, { ...promo, 'header.image': 'foto.jpg' }), ['header.image value_not_media']);
    assert.deepEqual(codesOf(PROMO, { ...promo, 'header.image': 'https://x.example/una foto.jpg' }), [
      'header.image value_not_media',
    ]);
    assert.deepEqual(codesOf(PROMO, { ...promo, 'header.image': 'https://scontent.whatsapp.net/x.jpg' }), [
      'header.image value_meta_link',
    ]);
  });

  it('a coupon with other than letters and digits or more than 20 of them, 15 in a limited-time offer', () => {
    assert.deepEqual(codesOf(PROMO, { ...promo, 'button.3.copy_code': '25-OFF' }), ['button.3.copy_code value_not_coupon']);
    assert.deepEqual(codesOf(PROMO, { ...promo, 'button.3.copy_code': 'A'.repeat(20) }), []);
    assert.deepEqual(codesOf(PROMO, { ...promo, 'button.3.copy_code': 'A'.repeat(21) }), ['button.3.copy_code value_too_long']);
    const offer = {
      'header.image': '1234567',
      'body.1': 'a',
      'body.2': 'b',
      'limited_time_offer.expiration': '2026-01-01',
      'button.1.url': 'x',
    };
    const template = sampleTemplate('pywa-create-limited-time-offer-caribbean-pkg-2023');
    assert.deepEqual(codesOf(template, { ...offer, 'button.0.copy_code': 'A'.repeat(15) }), []);
    assert.deepEqual(codesOf(template, { ...offer, 'button.0.copy_code': 'A'.repeat(16) }), [
      'button.0.copy_code value_too_long',
    ]);
  });

  it('a one-time code of more than 15 characters', () => {
    assert.deepEqual(codesOf(sampleTemplate('pywa-create-zero-tap-auth-template'), { 'body.1': '1'.repeat(16) }), [
      'body.1 value_too_long',
    ]);
  });

  it('values that together make the body longer than 1024, naming the longest one; 1024 itself is fine', () => {
    const fixed = 'Hola  , te damos la bienvenida.'.length;
    const row = (length: number): Row => ({ 'body.1': 'a'.repeat(100), 'body.2': 'b'.repeat(length - 100) });
    assert.deepEqual(codesOf(BIENVENIDA, row(1024 - fixed)), []);
    assert.deepEqual(codesOf(BIENVENIDA, row(1025 - fixed)), ['body.2 text_too_long']);
  });

  it('a header text beyond 60 and a card text beyond 160', () => {
    const template = sampleTemplate('pywa-create-seasonal-promotion');
    const row = { 'header.1': 'x'.repeat(49), 'body.1': 'a', 'body.2': 'b', 'body.3': 'c' };
    assert.deepEqual(codesOf(template, row), []);
    assert.deepEqual(codesOf(template, { ...row, 'header.1': 'x'.repeat(50) }), ['header.1 value_too_long']);
    const card = { components: [{ type: 'BODY', text: '{{1}} y {{2}}' }] };
    const carousel = templateOf({ name: 'c', language: 'es', components: [{ type: 'CAROUSEL', cards: [card] }] });
    assert.deepEqual(codesOf(carousel, { 'card.0.body.1': 'x'.repeat(100), 'card.0.body.2': 'y'.repeat(57) }), []);
    assert.deepEqual(codesOf(carousel, { 'card.0.body.1': 'x'.repeat(100), 'card.0.body.2': 'y'.repeat(58) }), [
      'card.0.body.1 text_too_long',
    ]);
  });

  it('a place off the globe, products without a product, an order that is not JSON', () => {
    const delivery = sampleTemplate('pywa-create-order-delivery-update');
    const row = { 'header.location.latitude': '91', 'header.location.longitude': 'x', 'body.1': 'a', 'body.2': 'b' };
    assert.deepEqual(codesOf(delivery, row), [
      'header.location.latitude value_not_coordinate',
      'header.location.longitude value_not_coordinate',
    ]);
    const cart = sampleTemplate('pywa-create-abandoned-cart');
    assert.deepEqual(codesOf(cart, { 'header.1': 'a', 'body.1': 'b', 'button.0.mpm': ' ; ,' }), [
      'button.0.mpm value_not_products',
    ]);
    const order = templateOf({
      name: 'o',
      language: 'pt_BR',
      components: [{ type: 'BUTTONS', buttons: [{ type: 'ORDER_DETAILS', text: 'Pagar' }] }],
    });
    assert.deepEqual(codesOf(order, { 'button.0.order_details': '[1]' }), ['button.0.order_details value_not_json']);
  });

  it('an unmapped variable and an impossible constant in every row', () => {
    const compiled = compileTemplate(BIENVENIDA, { 'body.1': { value: ' ' } });
    assert.deepEqual(
      compiled.everyRow.map(({ key, code }) => [key, code]),
      [
        ['body.1', 'value_missing'],
        ['body.2', 'variable_unmapped'],
      ],
    );
    assert.deepEqual(compiled.faults({}), compiled.everyRow);
    const long = compileTemplate(BIENVENIDA, { 'body.1': { value: 'a'.repeat(600) }, 'body.2': { value: 'b'.repeat(600) } });
    assert.deepEqual(
      long.everyRow.map(({ code }) => code),
      ['text_too_long'],
    );
  });
});

describe('repairing a value', () => {
  it('makes a line break, a tab or a long run of spaces one space, trims and composes', () => {
    assert.deepEqual(normaliseValue(' Calle 1\r\n\r\nPiso\t2     B '), { value: 'Calle 1 Piso 2 B', changed: true });
    assert.deepEqual(normaliseValue('cinco     espacios'), { value: 'cinco espacios', changed: true });
    assert.deepEqual(normaliseValue('cuatro    espacios'), { value: 'cuatro    espacios', changed: false });
    assert.deepEqual(normaliseValue('Jose\u0301'), { value: 'José', changed: true });
    assert.deepEqual(normaliseValue('a\u0000b\uD800'), { value: 'ab\uFFFD', changed: true });
    assert.deepEqual(normaliseValue('Ñandú 😀'), { value: 'Ñandú 😀', changed: false });
  });

  it('takes the fixed part of a button address off a whole address, and hides spaces', () => {
    const compiled = compileTemplate(PROMO, { ...byKey(PROMO), 'header.image': { value: '1234567' } });
    const bound = compiled.bind({
      'body.first_name': 'a',
      'body.codigo_pedido': 'b',
      'button.3.copy_code': 'C',
      'button.0.url': 'https://x.example/p/un zapato',
    });
    assert.ok(bound.ok);
    assert.deepEqual(bound.components[2], {
      type: 'button',
      sub_type: 'url',
      index: '0',
      parameters: [{ type: 'text', text: 'un%20zapato' }],
    });
  });

  it('is finished after one time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { value } = normaliseValue(text);
        assert.deepEqual(normaliseValue(value), { value, changed: false });
      }),
    );
  });
});

describe('any row of any template', () => {
  const templates = [BIENVENIDA, PROMO, ...sampleNames().map(sampleTemplate)];
  const nasty = fc.constantFrom(
    '',
    ' ',
    '\n',
    'a\tb',
    'a      b',
    '"',
    '\\',
    '\u2028',
    '{"a":{"1":2,"0":1}}',
    '1234567',
    'https://x.example/a.pdf',
    '2026-01-01',
    '12',
    'sku1, sku2',
    'ABC',
  );
  const cell = fc.oneof(nasty, nasty, fc.string({ unit: 'binary' }), fc.string({ minLength: 1000, maxLength: 1200 }));

  /** A template, a mapping of a part of its variables to columns and constants, and a row. */
  const cases = fc.constantFrom(...templates).chain((template) => {
    const variables = templateVariables(template);
    const source = fc.oneof(
      { weight: 8, arbitrary: fc.constant('column' as const) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
      { weight: 2, arbitrary: fc.constant('constant' as const) },
    );
    // Mostly fitting values, else hardly any row would come through and prove anything.
    const fitting = variables.map(({ kind }) =>
      kind === 'image' || kind === 'document'
        ? fc.constantFrom('1234567', 'https://x.example/a.pdf')
        : kind === 'expiration'
          ? fc.constantFrom('2026-01-01', '1767225600000')
          : kind === 'latitude' || kind === 'longitude'
            ? fc.constantFrom('12', '-4,5')
            : kind === 'coupon' || kind === 'otp'
              ? fc.constantFrom('ABC', '1')
              : fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    );
    const values = fc.tuple(...fitting.map((fit) => fc.oneof({ weight: 9, arbitrary: fit }, { weight: 1, arbitrary: cell })));
    return fc.record({
      template: fc.constant(template),
      sources: fc.array(source, { minLength: variables.length, maxLength: variables.length }),
      values,
    });
  });

  it('never throws, counts right, holds nothing Meta refuses, and gives the same JSON both ways', () => {
    let sent = 0;
    fc.assert(
      fc.property(cases, ({ template, sources, values }) => {
        const variables = templateVariables(template);
        const mapping: Record<string, { column: string } | { value: string }> = {};
        const row: Record<string, string> = {};
        variables.forEach(({ key }, i) => {
          const value = values[i] ?? '';
          if (sources[i] === 'constant') mapping[key] = { value };
          if (sources[i] === 'column') [mapping[key], row[key]] = [{ column: key }, value];
        });
        const compiled = compileTemplate(template, mapping);
        const bound = compiled.bind(row);
        const json = compiled.bindJson(row);
        assert.equal(bound.ok, compiled.faults(row).length === 0);
        assert.equal(bound.ok, json.ok);
        if (!bound.ok || !json.ok) return;
        sent++;
        assert.equal(json.json, JSON.stringify(bound.components));
        assert.deepEqual(JSON.parse(JSON.stringify(bound.components)), JSON.parse(json.json));
        const texts = textsIn(bound.components);
        for (const text of texts) assert.doesNotMatch(text, /[\n\r\t]| {5}|^\s|\s$|^$/);
        const body = (bound.components as { type: string; parameters: unknown[] }[]).find(({ type }) => type === 'body');
        assert.equal(body?.parameters.length ?? 0, variables.filter(({ key }) => key.startsWith('body.')).length);
      }),
      { numRuns: 600 },
    );
    assert.ok(sent > 50, `only ${String(sent)} rows could be sent`);
  });

  it('takes a row that is missing columns, or has the names of object methods', () => {
    const compiled = compileTemplate(BIENVENIDA, { 'body.1': { column: 'constructor' }, 'body.2': { column: '__proto__' } });
    assert.deepEqual(
      compiled.faults({}).map(({ code }) => code),
      ['value_missing', 'value_missing'],
    );
  });
});

/** Every text of a parameter, wherever it stands. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsIn(inner),
  );
}
