import assert from 'node:assert/strict';
import test from 'node:test';
import { body, detailsOf, errorOf, type Json, NUMBER, startSim, template, wamidFrom, welcome } from './support.ts';

const image = { type: 'header', parameters: [{ type: 'image', image: { link: 'https://tienda.example/a.jpg' } }] };
const button = (sub_type: string, index: unknown, parameter: Json): Json => ({
  type: 'button',
  sub_type,
  index,
  parameters: [parameter],
});
const named = (parameter_name: string, text: string): Json => ({ type: 'text', parameter_name, text });
const pedido = (...parameters: Json[]): Json[] => [
  { type: 'header', parameters: [named('pedido', 'A-1')] },
  { type: 'body', parameters },
];

test('a template that fits is accepted: input as given, wa_id in digits, a wamid, and a ledger line', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.send(welcome('+57 300 123-4567', { biz_opaque_callback_data: 'a.1.2.1' }));
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(answer.json['messaging_product'], 'whatsapp');
  const [contact] = answer.json['contacts'] as Json[];
  assert.equal(contact?.['input'], '+57 300 123-4567');
  assert.equal(contact['wa_id'], '573001234567');
  assert.equal((answer.json['messages'] as Json[])[0]?.['message_status'], 'accepted');
  assert.match(wamidFrom(answer), /^wamid\.[A-Za-z0-9+/]+=*$/);
  const [entry] = await sim.ledger();
  assert.equal(entry?.['wamid'], wamidFrom(answer));
  assert.equal(entry['to'], '+57 300 123-4567');
  assert.equal(entry['template'], 'bienvenida');
  assert.equal(entry['phone_number_id'], NUMBER);
  assert.equal(entry['biz_opaque_callback_data'], 'a.1.2.1');
  assert.equal(answer.headers.get('x-business-use-case-usage')?.includes('call_count'), true);
});

const FITS: readonly (readonly [title: string, name: string, components: unknown[] | undefined, over?: Json])[] = [
  ['named header and body parameters in any order', 'pedido_en_camino', pedido(named('fecha', 'hoy'), named('nombre', 'Ana'))],
  [
    'an image header by link and optional quick replies',
    'promo_imagen',
    [image, body('Ana', '10 %'), button('quick_reply', 1, { type: 'payload', payload: 'baja' })],
  ],
  [
    'a video header',
    'tutorial_video',
    [{ type: 'header', parameters: [{ type: 'video', video: { link: 'https://tienda.example/v.mp4' } }] }, body('cafetera')],
  ],
  [
    'a document header and a currency parameter',
    'factura_documento',
    [
      {
        type: 'header',
        parameters: [{ type: 'document', document: { link: 'https://tienda.example/f.pdf', filename: 'f.pdf' } }],
      },
      {
        type: 'body',
        parameters: [
          { type: 'text', text: 'Ana' },
          { type: 'date_time', date_time: { fallback_value: '25 de febrero' } },
          { type: 'currency', currency: { fallback_value: '$100', code: 'USD', amount_1000: 100_000 } },
        ],
      },
    ],
  ],
  [
    'a location header',
    'recogida_ubicacion',
    [
      {
        type: 'header',
        parameters: [{ type: 'location', location: { latitude: '4.6', longitude: '-74.1', name: 'Tienda', address: 'Calle 1' } }],
      },
      body('A-1'),
    ],
  ],
  ['a url suffix with a numeric index', 'seguimiento_enlace', [body('Ana'), button('url', 0, { type: 'text', text: 'abc' })]],
  [
    'a coupon code, sub_type in upper case',
    'cupon_descuento',
    [body('Ana'), button('COPY_CODE', '1', { type: 'coupon_code', coupon_code: '25OFF' })],
  ],
  [
    'an OTP, the code in body and button',
    'codigo_acceso',
    [body('123456'), button('url', '0', { type: 'text', text: '123456' })],
  ],
  [
    'a limited-time offer',
    'oferta_limitada',
    [
      image,
      {
        type: 'limited_time_offer',
        parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_798_000_000_000 } }],
      },
      body('Ana', 'X1'),
      button('copy_code', '0', { type: 'coupon_code', coupon_code: 'X1' }),
      button('url', '1', { type: 'text', text: 'n' }),
    ],
  ],
  [
    'a carousel',
    'carrusel_novedades',
    [
      body('Ana'),
      {
        type: 'carousel',
        cards: [0, 1, 2].map((card_index) => ({
          card_index,
          components: [image, body('20 %'), button('url', '1', { type: 'text', text: 'p' })],
        })),
      },
    ],
  ],
  ['a catalog without its optional parameter', 'catalogo_completo', [body('Ana')]],
  [
    'a multi-product message',
    'seleccion_productos',
    [
      body('Ana'),
      button('mpm', '0', {
        type: 'action',
        action: {
          thumbnail_product_retailer_id: 'p1',
          sections: [{ title: 'A', product_items: [{ product_retailer_id: 'p1' }] }],
        },
      }),
    ],
  ],
  [
    'a product header',
    'producto_destacado',
    [
      { type: 'header', parameters: [{ type: 'product', product: { product_retailer_id: 'p1', catalog_id: 'c1' } }] },
      body('Ana'),
    ],
  ],
  [
    'a flow button with a token',
    'encuesta_flow',
    [body('Ana'), button('flow', '0', { type: 'action', action: { flow_token: 't' } })],
  ],
  ['no components where none are needed', 'aviso_sin_variables', undefined],
  ['another language of the same name', 'bienvenida', [body('Ann', 'C-1')], { language: 'en_US' }],
];

for (const [title, name, components, over] of FITS)
  test(`accepts ${title}`, async (t) => {
    const sim = await startSim(t);
    const answer = await sim.send(template('+573001234567', name, components, over));
    assert.equal(answer.status, 200, answer.text);
  });

type Refused = readonly [title: string, message: Json, code: number, details: RegExp | undefined, message?: RegExp];

const to = '+573001234567';
const REFUSALS: readonly Refused[] = [
  [
    'too few body parameters',
    template(to, 'bienvenida', [body('Ana')]),
    132000,
    /^body: number of localizable_params \(1\) does not match the expected number of params \(2\)$/,
  ],
  ['too many body parameters', template(to, 'bienvenida', [body('a', 'b', 'c')]), 132000, /\(3\).*\(2\)/],
  ['no components at all where they are needed', template(to, 'bienvenida'), 132000, /^body: .*\(0\).*\(2\)/],
  [
    'a header where the template has none',
    template(to, 'bienvenida', [{ type: 'header', parameters: [{ type: 'text', text: 'x' }] }, body('a', 'b')]),
    132000,
    /^header: .*\(1\).*\(0\)/,
  ],
  [
    'a missing media header',
    template(to, 'promo_imagen', [body('a', 'b')]),
    132012,
    /^header: Format mismatch, expected IMAGE, received UNKNOWN$/,
  ],
  [
    'a text where an image belongs',
    template(to, 'promo_imagen', [{ type: 'header', parameters: [{ type: 'text', text: 'x' }] }, body('a', 'b')]),
    132012,
    /received TEXT$/,
  ],
  [
    'media with neither id nor link',
    template(to, 'promo_imagen', [{ type: 'header', parameters: [{ type: 'image', image: { caption: 'x' } }] }, body('a', 'b')]),
    132018,
    /media ID or link/,
  ],
  [
    'an empty typed object',
    template(to, 'promo_imagen', [{ type: 'header', parameters: [{ type: 'image', image: {} }] }, body('a', 'b')]),
    100,
    undefined,
    /JSON schema constraint 'required'.*template\.components\.0\.parameters\.0\.image/,
  ],
  [
    'a text that is a number',
    template(to, 'bienvenida', [body('Ana', 7)]),
    100,
    undefined,
    /Param template\['components'\]\[0\]\['parameters'\]\[1\]\['text'\] must be a string\./,
  ],
  [
    'a text parameter without text',
    template(to, 'bienvenida', [{ type: 'body', parameters: [{ type: 'text' }, { type: 'text', text: 'a' }] }]),
    100,
    /^Parameter 'text' is mandatory for component parameter type 'text'$/,
  ],
  ['an empty text', template(to, 'bienvenida', [body('Ana', '')]), 131008, /^Parameter of type text is missing text value$/],
  ['a line break in a text', template(to, 'bienvenida', [body('Ana', 'a\nb')]), 132018, /new-line\/tab/],
  ['a tab in a text', template(to, 'bienvenida', [body('Ana', 'a\tb')]), 132018, /new-line\/tab/],
  ['five spaces in a text', template(to, 'bienvenida', [body('Ana', 'a     b')]), 132018, /4 consecutive spaces/],
  ['a rendered body over 1024 characters', template(to, 'bienvenida', [body('Ana', 'x'.repeat(1000))]), 132005, /1024/],
  [
    'a header text over 60 characters',
    template(to, 'pedido_en_camino', [
      { type: 'header', parameters: [named('pedido', 'x'.repeat(60))] },
      { type: 'body', parameters: [named('nombre', 'a'), named('fecha', 'b')] },
    ]),
    132005,
    /^header/,
  ],
  [
    'a positional parameter in a named template',
    template(to, 'pedido_en_camino', [{ type: 'header', parameters: [{ type: 'text', text: 'a' }] }, body('a', 'b')]),
    100,
    /^Parameter name is missing or empty$/,
  ],
  [
    'a name the template does not have',
    template(to, 'pedido_en_camino', pedido(named('nombre', 'a'), named('otro', 'b'))),
    100,
    /^Parameter name is missing for the parameter '\{\{fecha\}\}'$/,
  ],
  [
    'a url button without its suffix',
    template(to, 'seguimiento_enlace', [body('Ana')]),
    131008,
    /^buttons: Button at index 0 of type Url requires a parameter$/,
  ],
  [
    'an empty url suffix',
    template(to, 'seguimiento_enlace', [body('Ana'), button('url', '0', { type: 'text', text: '' })]),
    100,
    /mandatory.*cannot be empty/,
  ],
  [
    'a button of another type',
    template(to, 'seguimiento_enlace', [body('Ana'), button('quick_reply', '0', { type: 'payload', payload: 'x' })]),
    132018,
    /^buttons: Button at index 0 must be of type Url$/,
  ],
  [
    'a button that does not exist',
    template(to, 'seguimiento_enlace', [body('Ana'), button('url', '5', { type: 'text', text: 'x' })]),
    132018,
    /index 5/,
  ],
  [
    'a coupon that is not alphanumeric',
    template(to, 'cupon_descuento', [body('Ana'), button('copy_code', '1', { type: 'coupon_code', coupon_code: '25 %' })]),
    132018,
    /alphanumeric/,
  ],
  [
    'an OTP whose button code differs from the body',
    template(to, 'codigo_acceso', [body('123456'), button('url', '0', { type: 'text', text: '654321' })]),
    132018,
    /same as the body/,
  ],
  [
    'a limited-time offer without its end',
    template(to, 'oferta_limitada', [
      image,
      body('a', 'b'),
      button('copy_code', '0', { type: 'coupon_code', coupon_code: 'X' }),
      button('url', '1', { type: 'text', text: 'n' }),
    ]),
    131008,
    /expiration_time_ms/,
  ],
  [
    'a carousel with a card missing',
    template(to, 'carrusel_novedades', [body('Ana'), { type: 'carousel', cards: [] }]),
    132012,
    /cards \(0\).*\(3\)/,
  ],
  ['a multi-product message without products', template(to, 'seleccion_productos', [body('Ana')]), 131008, /Mpm/],
  ['a template that does not exist', template(to, 'nada', [body('a')]), 132001, /^template name \(nada\) does not exist in es$/],
  [
    'a language the template does not have',
    template(to, 'promo_imagen', [image, body('a', 'b')], { language: 'es_MX' }),
    132001,
    /does not exist in es_MX/,
  ],
  ['a pending template', template(to, 'promo_pendiente', [body('a')]), 132001, /is not approved in es/],
  ['a rejected template', template(to, 'promo_rechazada', [body('a')]), 132001, /is not approved/],
  ['a paused template', template(to, 'promo_pausada', [body('a')]), 132015, /paused/],
  ['a disabled template', template(to, 'promo_desactivada', [body('a')]), 132016, /disabled/],
  ['its own number', welcome('+15550783881'), 131021, /sender/],
  [
    'no recipient',
    { messaging_product: 'whatsapp', type: 'text', text: { body: 'x' } },
    100,
    undefined,
    /The parameter to is required/,
  ],
  ['a number that is none', welcome('hola'), 131009, /phone number/],
  ['no messaging_product', { to, type: 'text', text: { body: 'x' } }, 100, undefined, /messaging_product is required/],
  ['an unknown type', { messaging_product: 'whatsapp', to, type: 'fax' }, 100, undefined, /Param type must be one of/],
  ['callback data over 512 characters', welcome(to, { biz_opaque_callback_data: 'x'.repeat(513) }), 100, undefined, /512/],
  ['a text message without a body', { messaging_product: 'whatsapp', to, type: 'text', text: {} }, 131008, /text\.body/],
];

for (const [title, message, code, details, wording] of REFUSALS)
  test(`refuses ${title} with ${String(code)} and keeps nothing`, async (t) => {
    const sim = await startSim(t);
    const answer = await sim.send(message);
    const error = errorOf(answer);
    assert.equal(error['code'], code, answer.text);
    assert.equal(answer.status >= 400, true);
    if (details !== undefined) assert.match(String(detailsOf(answer)), details);
    if (wording !== undefined) assert.match(String(error['message']), wording);
    assert.match(String(error['fbtrace_id']), /^A[\w-]{22}$/);
    assert.deepEqual(await sim.ledger(), []);
  });

test('of several faults the live order decides: typed object, header, counts, names, buttons', async (t) => {
  const sim = await startSim(t);
  const wrongCount = await sim.send(template(to, 'seguimiento_enlace', [body()]));
  assert.equal(errorOf(wrongCount)['code'], 132000);
  const wrongHeader = await sim.send(template(to, 'promo_imagen', [body('a')]));
  assert.equal(errorOf(wrongHeader)['code'], 132012);
  const wrongObject = await sim.send(
    template(to, 'promo_imagen', [{ type: 'header', parameters: [{ type: 'image' }] }, body('a')]),
  );
  assert.equal(errorOf(wrongObject)['code'], 100);
});

test('before v23 a line break is code 100, since v23 it is 132018', async (t) => {
  const sim = await startSim(t);
  const message = template(to, 'bienvenida', [body('Ana', 'a\nb')]);
  assert.equal(errorOf(await sim.call('POST', `/v22.0/${NUMBER}/messages`, message))['code'], 100);
  assert.equal(errorOf(await sim.call('POST', `/v23.0/${NUMBER}/messages`, message))['code'], 132018);
});

test('free-form messages of every kind are taken', async (t) => {
  const sim = await startSim(t);
  const kinds: Json[] = [
    { type: 'text', text: { body: 'Hola', preview_url: false } },
    { text: { body: 'the type is text unless said' } },
    { type: 'image', image: { link: 'https://tienda.example/a.jpg' } },
    { type: 'location', location: { latitude: 1, longitude: 2 } },
    { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: '👍' } },
    { type: 'contacts', contacts: [{ name: { formatted_name: 'Ana' } }] },
    {
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: '¿Sí?' },
        action: { buttons: [{ type: 'reply', reply: { id: '1', title: 'Sí' } }] },
      },
    },
    { type: 'interactive', interactive: { type: 'list', body: { text: 'Elige' }, action: { button: 'Ver', sections: [] } } },
  ];
  for (const kind of kinds) {
    const answer = await sim.send({ messaging_product: 'whatsapp', to, ...kind });
    assert.equal(answer.status, 200, answer.text);
    assert.equal((answer.json['messages'] as Json[])[0]?.['message_status'], undefined);
  }
  assert.equal((await sim.ledger()).length, kinds.length);
  const read = await sim.send({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.X' });
  assert.deepEqual(read.json, { success: true });
});

test('a business-scoped user id may stand for the number, but not for a one-time code', async (t) => {
  const sim = await startSim(t);
  const message = welcome('', { recipient: 'CO.13491208655302741918' });
  delete message['to'];
  const answer = await sim.send(message);
  assert.deepEqual(answer.json['contacts'], [{ user_id: 'CO.13491208655302741918' }]);
  const otp = template('', 'codigo_acceso', [body('1'), button('url', '0', { type: 'text', text: '1' })], {
    recipient: 'CO.1349',
  });
  delete otp['to'];
  assert.equal(errorOf(await sim.send(otp))['code'], 131062);
});

test('the wa_id differs from the number in Brazil, Mexico and Argentina when the quirk is on', async (t) => {
  const sim = await startSim(t, { config: { wa_id_quirks: true } });
  const waId = async (number: string): Promise<unknown> =>
    ((await sim.send(welcome(number))).json['contacts'] as Json[])[0]?.['wa_id'];
  assert.equal(await waId('+5531987654321'), '553187654321');
  assert.equal(await waId('+5511987654321'), '5511987654321');
  assert.equal(await waId('+525512345678'), '5215512345678');
  assert.equal(await waId('+541112345678'), '5491112345678');
});

test('a number without a plus and without a country gets the sender’s own', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.send(welcome('6505551234'));
  assert.equal((answer.json['contacts'] as Json[])[0]?.['wa_id'], '16505551234');
});

test('tokens: none is 104, wrong is 190, expired is 190/463, without permission is 200', async (t) => {
  const sim = await startSim(t, { accessTokens: ['good'] });
  const code = async (token: string): Promise<unknown[]> => {
    const answer = await sim.send(welcome(to), { authorization: token });
    return [answer.status, errorOf(answer)['code'], errorOf(answer)['error_subcode']];
  };
  assert.deepEqual(await code(''), [401, 104, undefined]);
  assert.deepEqual(await code('Bearer other'), [401, 190, undefined]);
  assert.deepEqual(await code('Bearer expired'), [401, 190, 463]);
  assert.deepEqual(await code('Bearer forbidden'), [403, 200, 1349176]);
  assert.deepEqual(await code('Bearer good'), [200, undefined, undefined]);
});

test('an unknown phone number id is code 100 subcode 33, as in Graph', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.call('POST', '/v25.0/999/messages', welcome(to));
  assert.equal(answer.status, 400);
  const error = errorOf(answer);
  assert.deepEqual([error['code'], error['error_subcode'], error['type']], [100, 33, 'GraphMethodException']);
});

test('versions: any that exists or none is served, others are refused', async (t) => {
  const sim = await startSim(t);
  for (const prefix of ['/v20.0', '/v25.0', '/v26.0', ''])
    assert.equal((await sim.call('POST', `${prefix}/${NUMBER}/messages`, welcome(to))).status, 200);
  for (const prefix of ['/v99.0', '/v25.5', '/v25', '/vX.0']) {
    const answer = await sim.call('POST', `${prefix}/${NUMBER}/messages`, welcome(to));
    assert.equal(answer.status, 400, prefix);
    assert.equal(errorOf(answer)['code'] !== undefined, true);
  }
});

test('the marketing route takes marketing templates only', async (t) => {
  const sim = await startSim(t);
  const route = `/v25.0/${NUMBER}/marketing_messages`;
  assert.equal((await sim.call('POST', route, welcome(to, { product_policy: 'CLOUD_API_FALLBACK' }))).status, 200);
  assert.equal((await sim.ledger())[0]?.['category'], 'marketing_lite');
  assert.equal(errorOf(await sim.call('POST', route, template(to, 'aviso_sin_variables')))['code'], 134100);
  assert.equal(
    errorOf(await sim.call('POST', route, { messaging_product: 'whatsapp', to, type: 'text', text: { body: 'x' } }))['code'],
    131055,
  );
});

test('a body that is not JSON is refused, and the connection goes on', async (t) => {
  const sim = await startSim(t);
  const answer = await sim.call('POST', `/v25.0/${NUMBER}/messages`, '{"messaging');
  assert.equal(errorOf(answer)['code'], 100);
  assert.equal((await sim.send(welcome(to))).status, 200);
});
