import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultInSpanish, noticeInSpanish } from '../../src/files/fault-words.ts';
import { ROW_FAULTS } from '../../src/files/messages.ts';
import { PHONE_FAULTS } from '../../src/lib/phone/faults.ts';

test('every refusal of a row has its sentence in Spanish, with the line or column that the English one names', () => {
  for (const [code, { en }] of Object.entries({ ...ROW_FAULTS, ...PHONE_FAULTS })) {
    const spanish = faultInSpanish(code, en.replaceAll(/\{\w+\}/g, '17'));
    assert.ok(spanish !== null, code);
    assert.doesNotMatch(spanish, /\{\w+\}/, code);
    assert.equal(spanish.includes('17'), en.includes('{'), code);
  }
});

test('a refusal that a template gives has no Spanish, rather than a wrong one', () => {
  assert.equal(faultInSpanish('value_too_long', 'Too long.'), null);
  assert.equal(faultInSpanish('duplicate_in_file', 'Another sentence altogether.'), null);
  assert.equal(noticeInSpanish('no_such_notice'), null);
});
