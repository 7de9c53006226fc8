import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { renderPreview } from '../../src/templates/preview.ts';
import { templateVariables } from '../../src/templates/variables.ts';
import { BIENVENIDA, PROMO, sampleNames, sampleTemplate } from '../support/templates.ts';

describe('previewing a message', () => {
  it('puts the values of the row in place', () => {
    const mapping = { 'body.1': { column: 'n' }, 'body.2': { value: 'Pérez' } };
    assert.deepEqual(renderPreview(BIENVENIDA, mapping, { n: ' Juan\n' }), {
      body: 'Hola Juan Pérez, te damos la bienvenida.',
      buttons: [],
      missing: [],
    });
  });

  it('leaves standing what has no value, and names it', () => {
    const preview = renderPreview(BIENVENIDA, { 'body.1': { column: 'n' } }, { n: '' });
    assert.equal(preview.body, 'Hola {{1}} {{2}}, te damos la bienvenida.');
    assert.deepEqual(preview.missing, ['body.1', 'body.2']);
  });

  it('shows picture, footer and every button', () => {
    const mapping = {
      'header.image': { value: 'https://x.example/a.jpg' },
      'body.first_name': { value: 'Ana' },
      'body.codigo_pedido': { value: '7' },
      'button.0.url': { value: 'https://x.example/p/zapatos' },
      'button.3.copy_code': { value: '25OFF' },
    };
    assert.deepEqual(renderPreview(PROMO, mapping, {}), {
      header: { kind: 'image', link: 'https://x.example/a.jpg' },
      body: 'Hola Ana, tu código es 7.',
      footer: 'Luz y Sol',
      buttons: [
        { kind: 'url', text: 'Ver', url: 'https://x.example/p/zapatos' },
        { kind: 'quick_reply', text: 'No más promos' },
        { kind: 'phone_number', text: 'Llamar', phone_number: '+15550051310' },
        { kind: 'copy_code', text: 'Copiar', code: '25OFF' },
      ],
      missing: [],
    });
  });

  it('shows an offer with its end, a carousel with its cards, a place, and the fixed text of a code message', () => {
    const offer = renderPreview(
      sampleTemplate('pywa-create-limited-time-offer-caribbean-pkg-2023'),
      {
        'limited_time_offer.expiration': { value: '1767225600000' },
      },
      {},
    );
    assert.deepEqual(offer.limited_time_offer, { text: 'Expiring offer!', expires_at: '2026-01-01T00:00:00.000Z' });
    const carousel = renderPreview(
      sampleTemplate('pywa-create-carousel-template-media-cards-v1'),
      { 'card.1.button.1.url': { value: 'B' } },
      {},
    );
    assert.equal(carousel.cards?.[1]?.buttons[1]?.url, 'https://www.luckyshrub.com/rare-succulents/B');
    const place = renderPreview(
      sampleTemplate('pywa-create-order-delivery-update'),
      {
        'header.location.latitude': { value: '4,6' },
        'header.location.longitude': { value: '-74' },
        'header.location.name': { value: 'Sede' },
      },
      {},
    );
    assert.deepEqual(place.header, { kind: 'location', location: { latitude: '4.6', longitude: '-74', name: 'Sede' } });
    const code = renderPreview(
      sampleTemplate('pywa-create-authentication-code-copy-code-button'),
      { 'body.1': { value: '1234' } },
      {},
    );
    assert.deepEqual(
      [code.body, code.footer],
      ['*1234* is your verification code. For your security, do not share this code.', 'This code expires in 5 minutes.'],
    );
  });

  it('shows every sample with nothing, with its examples and with rubbish', () => {
    const templates = [PROMO, ...sampleNames().map(sampleTemplate)];
    fc.assert(
      fc.property(fc.constantFrom(...templates), fc.string({ unit: 'binary' }), (template, rubbish) => {
        renderPreview(template, {}, {});
        const mapping = Object.fromEntries(templateVariables(template).map(({ key }) => [key, { column: 'x' }]));
        renderPreview(template, mapping, { x: rubbish });
      }),
    );
  });
});
