import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { english } from '../../src/lib/words/sentence.ts';
import { checkMapping } from '../../src/templates/check-mapping.ts';
import { guessMapping } from '../../src/templates/guess-mapping.ts';
import { mappingOfParameters, parseMapping } from '../../src/templates/mapping.ts';
import { planTemplate } from '../../src/templates/variables.ts';
import { BIENVENIDA, PROMO, sampleTemplate } from '../support/templates.ts';

const SEED_COLUMNS = ['Recipient-Phone-Number', 'variable_1', 'variable_2'];
const SEED_MAPPING = { 'body.1': { column: 'variable_1' }, 'body.2': { column: 'variable_2' } };

describe('reading a mapping', () => {
  it('takes columns and fixed values', () => {
    const mapping = { 'body.1': { column: 'Nombre' }, 'body.2': { value: 'hola' } };
    assert.deepEqual(parseMapping(mapping), { ok: true, mapping });
  });

  it('says of each wrong entry what is wrong with it', () => {
    for (const raw of [null, [], 'x']) assert.ok(!parseMapping(raw).ok);
    const parsed = parseMapping({
      a: 'Nombre',
      b: {},
      c: { column: 'x', value: 'y' },
      d: { column: 3 },
      e: { row: 'x' },
      f: { value: 'ok' },
    });
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.faults.map(({ key }) => key),
      ['a', 'b', 'c', 'd', 'e'],
    );
    assert.match(english(parsed.faults[0]?.message ?? ''), /\{"column": "name of the column"\} or \{"value": "fixed text"\}/);
  });
});

describe('guessing a mapping', () => {
  it('maps variable_1 and variable_2 on the two variables of a template', () => {
    assert.deepEqual(guessMapping(BIENVENIDA, SEED_COLUMNS), SEED_MAPPING);
    assert.deepEqual(checkMapping(BIENVENIDA, SEED_MAPPING, SEED_COLUMNS), []);
  });

  it('finds variable_N in any order and spelling', () => {
    const columns = ['Variable 2', 'telefono', 'Parámetro 1'];
    assert.deepEqual(guessMapping(BIENVENIDA, columns), {
      'body.1': { column: 'Parámetro 1' },
      'body.2': { column: 'Variable 2' },
    });
  });

  it('counts variable_N over body, header text, then buttons', () => {
    const seasonal = guessMapping(sampleTemplate('pywa-create-seasonal-promotion'), [
      'variable_1',
      'variable_2',
      'variable_3',
      'variable_4',
    ]);
    assert.deepEqual(seasonal['header.1'], { column: 'variable_4' });
    const offer = guessMapping(
      sampleTemplate('meta-openapi-create-create-template-w-image-header-text-body-text-footer-and-2-call-to-act'),
      ['variable_1', 'variable_2', 'variable_3', 'variable_4', 'imagen'],
    );
    assert.deepEqual([offer['button.1.url'], offer['header.image']], [{ column: 'variable_4' }, { column: 'imagen' }]);
  });

  it('matches named parameters whatever the case, accents, spaces and language', () => {
    const columns = ['Celular', 'NOMBRE', 'Código de pedido', 'Código Pedido', 'Imagen', 'Enlace', 'Cupón'];
    assert.deepEqual(guessMapping(PROMO, columns), {
      'header.image': { column: 'Imagen' },
      'body.first_name': { column: 'NOMBRE' },
      'body.codigo_pedido': { column: 'Código Pedido' },
      'button.0.url': { column: 'Enlace' },
      'button.3.copy_code': { column: 'Cupón' },
    });
  });

  it('knows the Spanish words for a place and the end of an offer', () => {
    const place = guessMapping(sampleTemplate('pywa-create-order-delivery-update'), [
      'Latitud',
      'Longitud',
      'Sucursal',
      'Dirección',
      '1',
      '2',
    ]);
    assert.equal(Object.keys(place).length, 6);
    const offer = guessMapping(sampleTemplate('pywa-create-limited-time-offer-caribbean-pkg-2023'), ['Válido hasta']);
    assert.deepEqual(offer, { 'limited_time_offer.expiration': { column: 'Válido hasta' } });
  });

  it('does not guess by position', () => {
    const columns = ['Teléfono', 'Nombre', 'Apellido'];
    assert.deepEqual(guessMapping(BIENVENIDA, columns), {});
  });

  it('never uses a column twice', () => {
    const guess = guessMapping(sampleTemplate('pywa-create-carousel-template-media-cards-v1'), ['imagen', 'variable_1']);
    assert.deepEqual(guess, { 'card.0.header.image': { column: 'imagen' }, 'body.1': { column: 'variable_1' } });
  });
});

describe('checking a mapping', () => {
  const codes = (mapping: Parameters<typeof checkMapping>[1], columns = SEED_COLUMNS): string[] =>
    checkMapping(BIENVENIDA, mapping, columns).map(({ key, code }) => `${key} ${code}`);

  it('finds unmapped variables, columns the file does not have, and keys of another template', () => {
    assert.deepEqual(codes({ 'body.1': { column: 'variable_1' } }), ['body.2 variable_unmapped']);
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.2': { column: 'nada' } }), ['body.2 column_missing']);
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.3': { value: 'x' } }), ['body.3 key_unknown']);
  });

  it('finds fixed values that are empty, too long or have a line break', () => {
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.2': { value: '' } }), ['body.2 value_missing']);
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.2': { value: 'x'.repeat(1000) } }), ['body.2 value_too_long']);
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.2': { value: 'a\nb' } }), ['body.2 constant_has_newline']);
    assert.deepEqual(codes({ ...SEED_MAPPING, 'body.2': { value: ' José ' } }), []);
  });

  it('proposes the column that was surely meant', () => {
    const [fault] = checkMapping(BIENVENIDA, { ...SEED_MAPPING, 'body.1': { column: 'VARIABLE 1' } }, SEED_COLUMNS);
    assert.equal(
      english(fault?.message ?? ''),
      'Body {{1}} (body.1): there is no column "VARIABLE 1" in the file. Did you mean "variable_1"?',
    );
  });
});

describe('the parameters of a test send', () => {
  it('a list fills the variables in order, and its length must be right', () => {
    assert.deepEqual(mappingOfParameters(BIENVENIDA, ['Juan', 7]), {
      ok: true,
      mapping: { 'body.1': { value: 'Juan' }, 'body.2': { value: '7' } },
    });
    const parsed = mappingOfParameters(BIENVENIDA, ['Juan']);
    assert.ok(!parsed.ok);
    assert.equal(
      english(parsed.faults[0]?.message ?? ''),
      'The template "bienvenida" takes 2 parameters: body.1, body.2. 1 was given.',
    );
  });

  it('the list holds the required ones, the body’s first, whatever the order of the variables', () => {
    const required = planTemplate(PROMO).variables.filter((variable) => variable.required);
    assert.equal(required[0]?.key, 'header.image');
    const parsed = mappingOfParameters(
      PROMO,
      required.map((_, i) => String(i)),
    );
    assert.ok(parsed.ok, JSON.stringify(parsed));
    const keys = Object.keys(parsed.mapping);
    assert.deepEqual([keys[0], keys.at(-1)], ['body.first_name', 'header.image']);
    assert.deepEqual([...keys].sort(), required.map(({ key }) => key).sort());
  });

  it('an object fills them by key or by bare name', () => {
    assert.deepEqual(mappingOfParameters(PROMO, { first_name: 'Ana', 'header.image': '1234567' }), {
      ok: true,
      mapping: { 'body.first_name': { value: 'Ana' }, 'header.image': { value: '1234567' } },
    });
    const parsed = mappingOfParameters(PROMO, { apellido: 'x', first_name: {} });
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.faults.map(({ code }) => code),
      ['key_unknown', 'mapping_unreadable'],
    );
  });
});
