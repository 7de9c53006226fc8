import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { PHONE_FAULTS, phoneFault } from '../../src/lib/phone/faults.ts';
import { keyBeginnings, parsePhone, personKey } from '../../src/lib/phone/parse.ts';
import { renumbered } from '../../src/lib/phone/renumbered.ts';
import { translate } from '../../src/lib/words/sentence.ts';
import { LANGUAGES } from '../../src/lib/words/words.ts';

function phoneOf(text: string, country?: string): string {
  const read = parsePhone(text, country);
  return read.ok ? read.phone : read.code;
}

for (const [text, country] of [
  ['+573001234567', undefined],
  ['+57 300 123 4567', undefined],
  ['(+57) 300-123.4567', undefined],
  ['+57 (0) 300 1234567', undefined],
  ['0057 300 1234567', undefined],
  ['573001234567', undefined],
  ['573001234567', 'CO'],
  ['573001234567', 'MX'],
  ['3001234567', 'CO'],
  ['3001234567', 'co'],
  ['300 123 4567', 'CO'],
  ['3.001.234.567', 'CO'],
  ['3,001,234,567', 'CO'],
  ["'3001234567", 'CO'],
  ['３００１２３４５６７', 'CO'],
  ['٣٠٠١٢٣٤٥٦٧', 'CO'],
  ['\u202a+57\u00a0300\u00a01234567\u202c', undefined],
  ['+57 300\u20111234567', undefined],
  ['573001234567.0', undefined],
  ['573001234567,00', undefined],
] as const) {
  test(`reads ${JSON.stringify(text)}${country === undefined ? '' : ` in ${country}`} as +573001234567`, () => {
    assert.equal(phoneOf(text, country), '+573001234567');
  });
}

for (const [text, country, code] of [
  ['', 'CO', 'phone_empty'],
  [' \u200b ', 'CO', 'phone_empty'],
  ['---', 'CO', 'phone_empty'],
  ['5.73E+11', 'CO', 'phone_rounded_by_excel'],
  ['5,73E+11', 'CO', 'phone_rounded_by_excel'],
  ['5.7300123456e11', 'CO', 'phone_rounded_by_excel'],
  ['3001234567 / 3012223333', 'CO', 'phone_several'],
  ['3001234567;3012223333', 'CO', 'phone_several'],
  ['3001234567, 3012223333', 'CO', 'phone_several'],
  ['3001234567 3012223333', 'CO', 'phone_several'],
  ['3001234567 y 3012223333', 'CO', 'phone_several'],
  ['+573001234567+573012223333', 'CO', 'phone_several'],
  ['3001234567\n3012223333', 'CO', 'phone_several'],
  ['300 123 4567 ext 5', 'CO', 'phone_letters'],
  ['tel: de Ana 3001234567', 'CO', 'phone_letters'],
  ['3001234567#', 'CO', 'phone_symbols'],
  ['3001234567', undefined, 'phone_without_country'],
  ['3001234567', 'XX', 'phone_without_country'],
  ['+999123456789', undefined, 'phone_unknown_country'],
  ['+57300', undefined, 'phone_too_short'],
  ['300123', 'CO', 'phone_too_short'],
  ['+5730012345678901', undefined, 'phone_too_long'],
  ['+572001234567', undefined, 'phone_invalid'],
] as const) {
  test(`refuses ${JSON.stringify(text)} with ${code}`, () => {
    const read = parsePhone(text, country);
    assert.equal(read.ok ? read.phone : read.code, code);
    if (!read.ok) assert.deepEqual(read.message, phoneFault(code));
  });
}

test('takes any ten digits beginning with 3 for a mobile in Colombia, newly opened ranges too', () => {
  assert.equal(phoneOf('3901234567', 'CO'), '+573901234567');
  assert.equal(phoneOf('+573901234567'), '+573901234567');
});

test('does not take a Colombian mobile without its country for a Dutch or a Belgian number', () => {
  assert.equal(phoneOf('3101234567'), 'phone_without_country');
  assert.equal(phoneOf('3212345678'), 'phone_without_country');
  assert.equal(phoneOf('+3212345678'), '+3212345678');
});

test('does not send a mistyped number of the default country abroad', () => {
  // 49 30 123456 is a number in Berlin; in a list of the United States it is a typing error.
  assert.equal(phoneOf('4930123456', 'US'), 'phone_invalid');
  assert.equal(phoneOf('+4930123456', 'US'), '+4930123456');
});

test('reads a complete number of another country without its +', () => {
  assert.equal(phoneOf('34612345678', 'CO'), '+34612345678');
});

test('writes old spellings of Brazil and Mexico as they are dialled today', () => {
  assert.equal(phoneOf('+553187654321'), '+5531987654321');
  assert.equal(phoneOf('3187654321', 'BR'), '+5531987654321');
  assert.equal(phoneOf('+5215512345678'), '+525512345678');
  assert.equal(phoneOf('5215512345678', 'CO'), '+525512345678');
  assert.equal(phoneOf('1 55 1234 5678', 'MX'), '+525512345678');
});

for (const [one, other] of [
  [553187654321, 5531987654321],
  [5215512345678, 525512345678],
  [5491112345678, 541112345678],
  // Ivory Coast 2021, by operator; Benin 2024; Vietnam 2018; Gabon 2019; Ecuador 2012; Cameroon 2014; Mauritius 2013.
  [22507123456, 2250707123456],
  [22545123456, 2250545123456],
  [22501234567, 2250101234567],
  [22997123456, 2290197123456],
  [841201234567, 84701234567],
  [841691234567, 84391234567],
  [2417123456, 24177123456],
  [24107123456, 24177123456],
  [59387654321, 593987654321],
  [23777123456, 237677123456],
  [2307123456, 23057123456],
] as const) {
  test(`knows ${String(one)} and ${String(other)} as one person`, () => {
    assert.equal(personKey(one), personKey(other));
  });
}

test('a number of the old form on a list is dialled in the form of today, and told so', () => {
  const read = parsePhone('+225 07 12 34 56');
  assert.ok(read.ok);
  assert.deepEqual([read.phone, read.isOld], ['+2250707123456', true]);
  assert.equal(phoneOf('45 12 34 56', 'CI'), '+2250545123456');
});

test('does not take a Brazilian landline for the mobile that ends alike', () => {
  assert.notEqual(personKey(553132654321), personKey(5531932654321));
});

const anyNumber = fc.oneof(
  fc.integer({ min: 1e7, max: 999_999_999_999_999 }),
  fc
    .tuple(
      fc.constantFrom('55', '52', '521', '54', '549', '57', '225', '229', '84', '241', '2410', '593', '237', '230'),
      fc.integer({ min: 1e6, max: 99_999_999_999 }),
    )
    .map(([code, rest]) => Number(code + String(rest))),
);

test('the key of a key is itself', () => {
  fc.assert(fc.property(anyNumber, (number) => personKey(personKey(number)) === personKey(number)));
});

test('whoever is looked for by the first digits of their number, in whichever spelling, is found by their key', () => {
  fc.assert(
    fc.property(anyNumber, fc.integer({ min: 3, max: 15 }), (number, length) =>
      keyBeginnings(String(number).slice(0, length)).some((beginning) => String(personKey(number)).startsWith(beginning)),
    ),
    { numRuns: 2_000 },
  );
});

test('never throws, and what it accepts it accepts again as the same person', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[+ 0-9().\-eE,;/]{0,24}$/));
  fc.assert(
    fc.property(text, fc.constantFrom(undefined, 'CO', 'US', 'BR', 'MX', 'AR', 'ES', 'nowhere'), (phone, country) => {
      const read = parsePhone(phone, country);
      if (!read.ok) return read.message.sentence === phoneFault(read.code).sentence;
      const again = parsePhone(read.phone, country);
      return again.ok && again.phone === read.phone && again.person === read.person && read.phone === `+${String(read.digits)}`;
    }),
    { numRuns: 2_000 },
  );
});

test('no number of today is taken for one of an old form', () => {
  // Gabon aside: the library still knows its old mobiles.
  const written = fc
    .tuple(fc.constantFrom('225', '229', '84', '593', '237', '230'), fc.stringMatching(/^[0-9]{7,10}$/))
    .map(([code, rest]) => code + rest);
  fc.assert(
    fc.property(
      written,
      (digits) => renumbered(digits) === digits || parsePhoneNumberFromString(`+${digits}`)?.isValid() !== true,
    ),
    { numRuns: 20_000 },
  );
});

test('a digit too many behind +57 is a mistake, not a prefix that lost its 0', () => {
  assert.equal(parsePhone('+57 3300 123 4567').ok, false);
  assert.equal(parsePhone('+5733000000000').ok, false);
});

test('agrees with the library on every number written in full, whichever way it was decided', () => {
  const national = fc.stringMatching(/^[0-9]{6,12}$/);
  const near = fc.tuple(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 9_999 })).map(([country, tail]) => {
    const example = getExampleNumber(country, examples);
    return `${example?.number.slice(0, -4) ?? '+57300123'}${String(tail).padStart(4, '0')}`;
  });
  const far = fc
    .tuple(fc.constantFrom('57', '34', '51', '56', '593', '52', '1', '44', '49', '39', '54', '55'), national)
    .map(([code, rest]) => `+${code}${rest}`);
  fc.assert(
    fc.property(fc.oneof(near, far), (number) => {
      // Apart from what is accepted beyond the library: see the tests above.
      if (/^\+573\d{9}$|^\+521\d{10}$|^\+55\d\d[6-9]\d{7}$/.test(number)) return true;
      if (renumbered(number.slice(1)) !== number.slice(1)) return true;
      const library = parsePhoneNumberFromString(number);
      const ours = parsePhone(number);
      if (number.slice(1).length > 15) return !ours.ok;
      // A 0 (Colombia: 03) that belongs only within the country may stand behind its code; without it the library agrees.
      if (library?.isValid() !== true) return !ours.ok || (/^\+\d{1,3}0/.test(number) && isBareOf(number, ours.phone));
      return ours.ok && ours.phone === library.number && ours.country === library.country;
    }),
    { numRuns: 5_000 },
  );
});

function isBareOf(written: string, read: string): boolean {
  return read.length < written.length && written.endsWith(read.slice(-8)) && parsePhoneNumberFromString(read)?.isValid() === true;
}

test('agrees with the library on national mobiles of every country', () => {
  fc.assert(
    fc.property(fc.constantFrom(...getCountries()), fc.integer({ min: 0, max: 99_999 }), (country, tail) => {
      const example = getExampleNumber(country, examples);
      if (example === undefined) return true;
      const national = `${example.nationalNumber.slice(0, -5)}${String(tail).padStart(5, '0')}`;
      if (national.length < 7 || (country === 'CO' && national.startsWith('3'))) return true;
      const library = parsePhoneNumberFromString(national, country);
      if (library?.isValid() !== true) return true;
      const ours = parsePhone(national, country);
      return ours.ok && ours.phone === library.number;
    }),
    { numRuns: 5_000 },
  );
});

test('says every fault in both languages', () => {
  for (const code of PHONE_FAULTS) {
    assert.match(code, /^phone_[a-z_]+$/);
    const [es, en] = LANGUAGES.map((language) => translate(phoneFault(code), language));
    assert.ok((en ?? '').length > 20 && (es ?? '').length > 20 && en !== es, code);
  }
});
