import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { translate } from '../../src/lib/words/sentence.ts';
import { LANGUAGES } from '../../src/lib/words/words.ts';
import { META_ERRORS } from '../../src/whatsapp/error-table.ts';
import { adviceFor, metaErrorRule, resendAfter, resendableCodes, titleFor } from '../../src/whatsapp/errors.ts';
import type { MetaError } from '../../src/whatsapp/send-outcome.ts';

function error(code: number, rest: Partial<MetaError> = {}): MetaError {
  return { code, message: `(#${String(code)})`, ...rest };
}

function action(code: number, rest: Partial<MetaError> = {}): string {
  return metaErrorRule(error(code, rest)).action;
}

test('lists each code once, with advice in both languages and what its action needs', () => {
  assert.equal(new Set(META_ERRORS.map(({ code }) => code)).size, META_ERRORS.length);
  for (const entry of META_ERRORS) {
    const name = String(entry.code);
    for (const text of [entry.advice, entry.title])
      for (const language of LANGUAGES) assert.doesNotMatch(translate(text, language), /^server\.|^.{0,3}$/, name);
    assert.equal(entry.action === 'never', entry.suppress !== undefined, name);
    assert.equal(entry.action === 'later', entry.againAfterMs !== undefined, name);
    if (entry.action === 'slow_number') assert.ok(entry.slow !== undefined && entry.slow.seconds > 0, name);
    if (entry.slow !== undefined) assert.ok(entry.slow.factor > 0 && entry.slow.factor <= 1, name);
  }
});

test('knows every code of the sending table', () => {
  const expected: Record<string, readonly number[]> = {
    retry: [1, 2, 131000, 131016, 133004, 134101],
    slow_number: [4, 17, 429, 613, 80007, 130429, 131048, 131057, 132069],
    slow_pair: [131056],
    stop_template: [132001, 132007, 132015, 132016, 132068, 141002],
    stop_account: [0, 3, 10, 33, 102, 104, 190, 200, 254, 299, 368, 803, 131005, 131031, 131037, 131042, 131044, 131045, 133010],
    hold_utility: [131064],
    stop_campaign: [100, 131008, 131030, 131051, 131055, 131061, 131063, 132000, 132012, 132018, 134011, 134100, 134102],
    fail: [130472, 130497, 131009, 131021, 131026, 131047, 131053, 131062, 132005, 132008, 135000, 137000],
    later: [131049],
    never: [130403, 131050],
  };
  for (const [name, codes] of Object.entries(expected)) {
    for (const code of codes) assert.equal(action(code), name, String(code));
  }
});

test('an opt-out from marketing suppresses marketing, a block suppresses everything', () => {
  assert.equal(metaErrorRule(error(131050)).suppress, 'marketing');
  assert.equal(metaErrorRule(error(130403)).suppress, 'all');
});

test('code 100 with subcode 33 is a number nobody can see, not a parameter', () => {
  assert.equal(action(100, { subcode: 33 }), 'stop_account');
});

const ROW_FAULTS: readonly (readonly [number, string])[] = [
  [132018, 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces'],
  [131008, 'Parameter of type text is missing text value'],
  [100, "button: Parameter 'text' is mandatory for component parameter type 'text' and cannot be empty"],
  [100, 'body: text is too long, the maximum is 1024 characters'],
  [100, 'Recipient phone number is not a valid phone number'],
  [100, "The parameter link is not valid: 'http//x'"],
];

for (const [code, details] of ROW_FAULTS) {
  test(`${String(code)} fails only the row when the details say: ${details}`, () => {
    assert.equal(action(code, { details }), 'fail');
  });
}

const SHARED_FAULTS: readonly (readonly [number, string])[] = [
  [132018, 'buttons: Button at index 1 must be of type Url'],
  [132018, 'Either one of media ID or link must be present'],
  [131008, 'buttons: Button at index 1 of type Url requires a parameter'],
  [100, "Param template['components'][0]['parameters'][0]['text'] must be a string."],
  [100, "Parameter name is missing for the parameter '{{order_id}}'"],
  [100, 'Invalid phone number ID format. Must be numeric.'],
  [100, ''],
];

for (const [code, details] of SHARED_FAULTS) {
  test(`${String(code)} stops the campaign when the details say: ${details || 'nothing'}`, () => {
    assert.equal(action(code, { details }), 'stop_campaign');
  });
}

test('a known code is judged by the code alone, whatever the status and the transient flag', () => {
  assert.equal(action(131026, { httpStatus: 500, isTransient: true }), 'fail');
  assert.equal(action(131056, { httpStatus: 403 }), 'slow_pair');
  assert.equal(action(132001, { httpStatus: 400 }), 'stop_template');
});

test('an unknown code is repeated only when Meta calls it transient or answers 429 or 5xx', () => {
  assert.equal(action(999_999), 'fail');
  assert.equal(action(999_999, { httpStatus: 400 }), 'fail');
  assert.equal(action(999_999, { isTransient: true }), 'retry');
  assert.equal(action(999_999, { httpStatus: 429 }), 'retry');
  assert.equal(action(999_999, { httpStatus: 503 }), 'retry');
  assert.equal(metaErrorRule(error(999_999)).known, false);
  assert.match(translate(adviceFor(999_999), 'es'), /código/);
  assert.equal(translate(titleFor(999_999), 'en'), 'Unknown error 999999');
});

test('offers again what may come right, after a day where Meta asks for it, and never a person who said no', () => {
  assert.deepEqual(resendAfter(131049), { mayResend: true, afterMs: 86_400_000 });
  assert.deepEqual(resendAfter(131053), { mayResend: true, afterMs: 0 });
  for (const code of [131050, 130403, 131026, 130472, 131021, 999_999])
    assert.equal(resendAfter(code).mayResend, false, String(code));
  const codes = resendableCodes().map(({ code }) => code);
  assert.ok(codes.includes(131000) && codes.includes(132001) && !codes.includes(131050));
});

test('every recorded error of Meta is judged by the table', () => {
  const folder = 'test/fixtures/meta/errors';
  for (const file of readdirSync(folder)) {
    const { error: recorded } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { error: MetaError };
    assert.equal(metaErrorRule(recorded).known, true, file);
  }
});

test('the page of error codes says what the tables say', () => {
  execFileSync(process.execPath, ['--import', './scripts/ts.mjs', 'scripts/docs-error-codes.mjs', '--check'], { stdio: 'pipe' });
});
