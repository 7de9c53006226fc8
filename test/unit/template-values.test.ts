import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translate } from '../../src/lib/words/sentence.ts';
import { LANGUAGES } from '../../src/lib/words/words.ts';
import { mediaFault } from '../../src/templates/media-address.ts';
import { prepareValue } from '../../src/templates/value-rules.ts';
import type { TemplateVariable } from '../../src/templates/variables.ts';
import { adviceFor, titleFor } from '../../src/whatsapp/errors.ts';

const LINK: TemplateVariable = {
  key: 'button.0.url',
  kind: 'url_suffix',
  required: true,
  label: 'End',
  base: 'https://shop.example/',
};

for (const [given, suffix] of [
  ['order/5', 'order/5'],
  ['/order/5', 'order/5'],
  ['https://shop.example/order/5', 'order/5'],
  ['http://shop.example/order/5', 'order/5'],
  ['https://www.shop.example/order/5?a=b', 'order/5?a=b'],
  ['HTTPS://SHOP.example/order/5', 'order/5'],
  ['shop.example/order/5', 'order/5'],
  ['https://other.example/order/5', 'value_other_site'],
  ['https://shop.example.evil.example/x', 'value_other_site'],
  ['https://shop.example/', 'value_missing'],
] as const) {
  test(`behind https://shop.example/ "${given}" becomes ${suffix}`, () => {
    const prepared = prepareValue(LINK, given);
    assert.equal(prepared.ok ? prepared.text : prepared.code, suffix);
  });
}

const NOW = Date.parse('2026-11-25T00:00:00Z');

for (const [kind, address, fault] of [
  ['image', 'https://shop.example/a.jpg', undefined],
  ['image', 'https://shop.example/a.JPG?v=2', undefined],
  ['image', 'https://shop.example/picture', undefined],
  ['image', 'https://shop.example/catalogo.pdf', 'type'],
  ['image', 'https://shop.example/a.webp', 'type'],
  ['video', 'https://shop.example/a.mov', 'type'],
  ['document', 'https://shop.example/a.pdf', undefined],
  ['document', 'https://shop.example/v1.2/download', undefined],
  ['image', 'http://192.168.1.10/a.jpg', 'private'],
  ['image', 'http://[::ffff:10.0.0.1]/a.jpg', 'private'],
  ['image', 'http://2130706433/a.jpg', 'private'],
  ['image', 'http://intranet/a.jpg', 'private'],
  ['image', 'http://nas.local/a.jpg', 'private'],
  ['image', 'http://8.8.8.8/a.jpg', undefined],
  ['document', 'https://drive.google.com/file/d/1AbC/view', 'page'],
  ['document', 'https://drive.google.com/uc?export=download&id=1AbC', undefined],
  ['document', 'https://www.dropbox.com/s/x/a.pdf?dl=0', 'page'],
  ['document', 'https://www.dropbox.com/s/x/a.pdf?dl=1', undefined],
  ['image', 'https://s3.example.com/a.jpg?X-Amz-Date=20261101T000000Z&X-Amz-Expires=3600', 'expired'],
  ['image', 'https://s3.example.com/a.jpg?X-Amz-Date=20261124T235900Z&X-Amz-Expires=3600', undefined],
  ['image', 'https://x.blob.core.windows.net/a.jpg?se=2026-01-01T00%3A00%3A00Z&sig=x', 'expired'],
] as const) {
  test(`an address of a ${kind}, ${address}: ${fault ?? 'fine'}`, () => {
    assert.equal(mediaFault(kind, address, NOW), fault);
  });
}

test('an offer that is over when the message leaves is refused', () => {
  const offer: TemplateVariable = { key: 'limited_time_offer.expiration', kind: 'expiration', required: true, label: 'End' };
  const codes = ['2026-11-24', '2026-11-26', '1764000000'].map((text) => {
    const prepared = prepareValue(offer, text, NOW);
    return prepared.ok ? 'fine' : prepared.code;
  });
  assert.deepEqual(codes, ['value_offer_over', 'fine', 'value_offer_over']);
});

test('a row that was refused here is never told as an error of Meta', () => {
  for (const language of LANGUAGES)
    assert.doesNotMatch(translate([titleFor(-2), adviceFor(-2)], language), /Meta|unknown|desconocid/i);
});
