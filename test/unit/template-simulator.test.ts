import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileTemplate as compileCheck } from '../../src/simulator/template-check.ts';
import { seedTemplates } from '../../src/simulator/template-seed.ts';
import type { Template as SimulatorTemplate } from '../../src/simulator/templates.ts';
import { compileTemplate } from '../../src/templates/compile.ts';
import type { Template } from '../../src/templates/template.ts';
import { templateUsable } from '../../src/templates/usable.ts';
import { templateVariables, type VariableKind } from '../../src/templates/variables.ts';
import { sampleNames, sampleTemplate, templateOf } from '../support/templates.ts';

// Two readings of Meta's contract that know nothing of each other: what the domain builds, the simulator must accept.

const FITTING: Readonly<Record<VariableKind, string>> = {
  text: 'María\n "José"',
  image: 'https://x.example/a.jpg',
  video: '1234567',
  gif: '1234567',
  document: 'https://x.example/a.pdf',
  filename: 'a.pdf',
  latitude: '4,65',
  longitude: '-74.08',
  place: 'Sede',
  product: 'sku1',
  url_suffix: 'zapatos',
  payload: 'p',
  coupon: '25OFF',
  otp: '081234',
  flow_token: 't',
  products: 'sku1, sku2',
  json: '{"a": 1}',
  expiration: '2027-01-01',
  minutes: '30',
};

function accepted(template: Template, optional: boolean): void {
  const variables = templateVariables(template).filter(({ required }) => required || optional);
  const mapping = Object.fromEntries(variables.map(({ key }) => [key, { column: key }]));
  const row = Object.fromEntries(variables.map(({ key, kind }) => [key, FITTING[kind]]));
  const json = compileTemplate(template, mapping).templateJson(row);
  assert.ok(json.ok, JSON.stringify(json));
  const { components } = JSON.parse(json.json) as { components?: unknown };
  const check = compileCheck(template.raw as SimulatorTemplate);
  assert.equal(check(components, 25, []), undefined, json.json);
}

describe('the simulator accepts what is built', () => {
  const samples = sampleNames()
    .map(sampleTemplate)
    // Created ones lack the text Meta puts into the list, on which the simulator counts.
    .filter(({ category }) => category !== 'AUTHENTICATION');
  const seeds = seedTemplates(0).map((seed) => templateOf(seed));
  for (const template of [...seeds, ...samples]) {
    it(`for ${template.name} (${template.language}), with and without what is optional`, () => {
      accepted(template, true);
      accepted(template, false);
    });
  }

  it('and every unhappy state among its templates is known', () => {
    for (const template of seeds.filter(({ status }) => status !== 'APPROVED')) {
      const usable = templateUsable(template);
      assert.ok(!usable.ok && usable.code !== 'template_not_approved', template.status);
    }
  });
});
