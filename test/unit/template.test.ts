import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { english, translateAll } from '../../src/lib/words/sentence.ts';
import { parseTemplate } from '../../src/templates/template.ts';
import { isTemplateLanguage, languageHelp, templateUsable } from '../../src/templates/usable.ts';
import { templateVariables } from '../../src/templates/variables.ts';
import { BIENVENIDA, PROMO, readJson, sampleTemplate, templateOf } from '../support/templates.ts';

function keysOf(file: string): string[] {
  return templateVariables(sampleTemplate(file)).map(({ key, required }) => (required ? key : `${key}?`));
}

describe('reading a template', () => {
  it("reads both templates of Meta's own list", () => {
    const list = readJson('meta-openapi-message-templates-example-response.json') as { data: unknown[] };
    const templates = list.data.map((raw) => templateOf(raw));
    assert.deepEqual(
      templates.map(({ metaId, name, language, status, category, quality, parameterFormat }) => [
        metaId,
        name,
        language,
        status,
        category,
        quality,
        parameterFormat,
      ]),
      [
        ['1192339204654487', 'hello_world', 'en_US', 'APPROVED', 'MARKETING', 'UNKNOWN', 'POSITIONAL'],
        ['920070352646140', '2023_april_promo', 'en_US', 'APPROVED', 'MARKETING', 'UNKNOWN', 'POSITIONAL'],
      ],
    );
    assert.deepEqual(
      templates.map((template) => templateVariables(template).map(({ key }) => key)),
      [[], ['body.1', 'body.2', 'button.0.payload']],
    );
    assert.equal(templates[0]?.previousCategory, 'ACCOUNT_UPDATE');
  });

  it('keeps values, components, formats and buttons it has never heard of', () => {
    const template = templateOf({
      name: 'nuevo',
      language: 'es',
      status: 'HIBERNATING',
      category: 'SPACE',
      quality_score: { score: 'PURPLE' },
      components: [
        { type: 'HOLOGRAM', beam: 1 },
        { type: 'HEADER', format: 'SMELL' },
        { type: 'BUTTONS', buttons: [{ type: 'TELEPORT', text: 'Go' }] },
        null,
      ],
    });
    assert.deepEqual([template.status, template.category, template.quality], ['HIBERNATING', 'SPACE', 'PURPLE']);
    assert.deepEqual(template.components, [
      { kind: 'unknown', type: 'HOLOGRAM' },
      { kind: 'header', format: 'unknown', type: 'SMELL' },
      { kind: 'buttons', buttons: [{ kind: 'unknown', type: 'TELEPORT', text: 'Go' }] },
      { kind: 'unknown', type: 'UNKNOWN' },
    ]);
    assert.deepEqual(templateVariables(template), []);
  });

  it('refuses what has no name or no language, in words', () => {
    for (const [raw, error] of [
      ['x', 'A template must be a JSON object.'],
      [{ language: 'es' }, 'The template has no name.'],
      [{ name: 'a' }, 'The template "a" has no language.'],
    ] as const) {
      assert.deepEqual(translateAll(parseTemplate(raw), 'en'), { ok: false, error });
    }
  });

  it('gives the same template again from what it keeps as raw', () => {
    const again = parseTemplate(PROMO.raw);
    assert.deepEqual(again, { ok: true, template: PROMO });
  });

  it('tells named from positional by the placeholders when Meta does not say', () => {
    const named = templateOf({ name: 'a', language: 'es', components: [{ type: 'BODY', text: 'Hola {{nombre}}' }] });
    assert.equal(named.parameterFormat, 'NAMED');
    const positional = templateOf({ name: 'a', language: 'es', components: [{ type: 'BODY', text: 'Hola {{1}}' }] });
    assert.equal(positional.parameterFormat, 'POSITIONAL');
  });

  it('survives anything at all', () => {
    const component = fc.record({
      type: fc.oneof(fc.constantFrom('HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL', 'LIMITED_TIME_OFFER'), fc.anything()),
      format: fc.oneof(fc.constantFrom('TEXT', 'IMAGE', 'LOCATION'), fc.anything()),
      text: fc.oneof(fc.constantFrom('{{1}} {{constructor}} {{__proto__}}', '{{1'), fc.anything()),
      example: fc.anything(),
      buttons: fc.oneof(
        fc.array(fc.record({ type: fc.constantFrom('URL', 'FLOW', 'MPM', 'X'), url: fc.anything(), text: fc.anything() })),
        fc.anything(),
      ),
      cards: fc.anything(),
    });
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.record({ name: fc.string(), language: fc.string(), components: fc.array(component) })),
        (raw) => {
          const parsed = parseTemplate(raw);
          if (parsed.ok) templateVariables(parsed.template);
        },
      ),
    );
  });
});

describe('what a template needs', () => {
  it('two positional body variables', () => {
    assert.deepEqual(translateAll(templateVariables(BIENVENIDA), 'en'), [
      { key: 'body.1', kind: 'text', required: true, label: 'Body {{1}}', maxLength: 993, example: 'Juan' },
      { key: 'body.2', kind: 'text', required: true, label: 'Body {{2}}', maxLength: 993, example: 'Pérez' },
    ]);
  });

  it('named parameters, a picture, the end of an address, an optional payload, a code', () => {
    const keys = templateVariables(PROMO).map(({ key, required }) => (required ? key : `${key}?`));
    assert.deepEqual(keys, [
      'header.image',
      'body.first_name',
      'body.codigo_pedido',
      'button.0.url',
      'button.1.payload?',
      'button.3.copy_code',
    ]);
    assert.equal(templateVariables(PROMO).find(({ key }) => key === 'button.0.url')?.example, 'abc');
  });

  const samples: Record<string, string[]> = {
    'pywa-create-seasonal-promotion': ['header.1', 'body.1', 'body.2', 'body.3', 'button.0.payload?', 'button.1.payload?'],
    'pywa-create-order-confirmation': ['header.document', 'header.document.filename?', 'body.1', 'body.2'],
    'pywa-create-order-delivery-update': [
      'header.location.latitude',
      'header.location.longitude',
      'header.location.name?',
      'header.location.address?',
      'body.1',
      'body.2',
      'button.0.payload?',
    ],
    'pywa-create-abandoned-cart-offer': ['header.product', 'header.product.catalog_id', 'body.1', 'body.2'],
    'pywa-create-abandoned-cart': ['header.1', 'body.1', 'button.0.mpm'],
    'pywa-create-intro-catalog-offer': ['body.1', 'body.2', 'body.3', 'button.0.catalog?'],
    'pywa-create-coupon-code-fall2023-25off': ['body.1', 'body.2', 'button.0.payload?', 'button.1.copy_code'],
    'pywa-create-limited-time-offer-caribbean-pkg-2023': [
      'header.image',
      'body.1',
      'body.2',
      'limited_time_offer.expiration',
      'button.0.copy_code',
      'button.1.url',
    ],
    'pywa-create-authentication-code-copy-code-button': ['body.1'],
    'pywa-create-authentication-code-autofill-button': ['body.1'],
    'pywa-create-zero-tap-auth-template': ['body.1'],
    'pywa-create-carousel-template-media-cards-v1': [
      'body.1',
      'body.2',
      'body.3',
      'card.0.header.image',
      'card.0.button.0.payload?',
      'card.0.button.1.url',
      'card.1.header.image',
      'card.1.button.0.payload?',
      'card.1.button.1.url',
      'card.2.header.image',
      'card.2.button.0.payload?',
      'card.2.button.1.url',
    ],
    'pywa-create-carousel-template-product-cards-v1': [
      'body.1',
      'card.0.header.product',
      'card.0.header.product.catalog_id',
      'card.1.header.product',
      'card.1.header.product.catalog_id',
    ],
  };
  for (const [file, keys] of Object.entries(samples)) {
    it(`of ${file.slice('pywa-create-'.length)}`, () => assert.deepEqual(keysOf(file), keys));
  }

  it('counts a placeholder that stands twice in the text once', () => {
    const template = templateOf({ name: 'a', language: 'es', components: [{ type: 'BODY', text: '{{2}} {{1}} {{ 2 }}' }] });
    assert.deepEqual(
      templateVariables(template).map(({ key }) => key),
      ['body.1', 'body.2'],
    );
  });
});

describe('whether a template may be sent', () => {
  it('an approved one may', () => assert.deepEqual(templateUsable(BIENVENIDA), { ok: true }));

  it('any other may not, and says what to do', () => {
    for (const [status, code] of [
      ['PENDING', 'template_pending'],
      ['PAUSED', 'template_paused'],
      ['DISABLED', 'template_disabled'],
      ['REJECTED', 'template_rejected'],
      ['HIBERNATING', 'template_not_approved'],
    ] as const) {
      const usable = templateUsable({ ...BIENVENIDA, status });
      assert.ok(!usable.ok);
      assert.equal(usable.code, code);
      assert.match(english(usable.message), /"bienvenida" \(es\)/);
    }
  });

  it('knows the language codes of Meta, exactly', () => {
    assert.ok(isTemplateLanguage('es_MX'));
    assert.ok(!isTemplateLanguage('es-MX'));
  });

  it('says in which languages a template exists, and which one was meant', () => {
    assert.equal(
      english(languageHelp('bienvenida', 'es_MX', ['en_US', 'es'])),
      'The template "bienvenida" does not exist in "es_MX". "bienvenida" exists in: en_US, es. Did you mean "es"?',
    );
    assert.match(
      english(languageHelp('bienvenida', 'es-mx', ['es_MX'])),
      /"es-mx" is not a language code.*Did you mean "es_MX"\?/,
    );
    assert.doesNotMatch(english(languageHelp('bienvenida', 'de', ['es'])), /Did you mean/);
    assert.match(english(languageHelp('nada', 'es', [])), /There is no template "nada"/);
  });
});
