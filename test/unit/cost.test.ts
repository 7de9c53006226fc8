import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { english } from '../../src/lib/words/sentence.ts';
import { decimalOf, microsOf, microsOfNumber } from '../../src/pricing/money.ts';
import {
  chargedMicros,
  estimate,
  marketOf,
  priceMicros,
  pricesByPrefix,
  RATE_CARDS,
  type RateCard,
  rateCardFor,
} from '../../src/pricing/rate-card.ts';
import { parseRateCardCsv, parseTiersCsv } from '../../src/pricing/rate-card-csv.ts';

const july = rateCardFor(new Date('2026-09-30T23:59:00Z'));
const october = rateCardFor(new Date('2026-10-01T00:00:00Z'));

test('takes the card in force on the day, and the oldest one for earlier days', () => {
  assert.equal(july.effectiveFrom, '2026-07-01');
  assert.equal(october.effectiveFrom, '2026-10-01');
  assert.equal(rateCardFor(new Date('2030-01-01')).effectiveFrom, '2026-10-01');
  assert.equal(rateCardFor(new Date('2020-01-01')).effectiveFrom, '2026-07-01');
});

const MARKETS: Readonly<Record<string, string>> = {
  573001234567: 'Colombia',
  5215512345678: 'Mexico',
  34600123456: 'Spain',
  16505551234: 'North America',
  18095551234: 'Rest of Latin America',
  18295551234: 'Rest of Latin America',
  18765551234: 'Rest of Latin America',
  17875551234: 'Rest of Latin America',
  12425551234: 'North America',
  79161234567: 'Russia',
  77011234567: 'Kazakhstan',
  76001234567: 'Kazakhstan',
  8801712345678: 'Bangladesh',
  380501234567: 'Ukraine',
  59891234567: 'Rest of Latin America',
  9999999: 'Other',
};

for (const [digits, market] of Object.entries(MARKETS)) {
  test(`+${digits} is priced as ${market}`, () => {
    assert.equal(marketOf(digits), market);
    assert.equal(marketOf(Number(digits)), market);
    assert.equal(marketOf(`+${digits}`), market);
  });
}

test('every number has a price on every card', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999_999n }), fc.constantFrom(...RATE_CARDS), (digits, card) => {
      assert.ok((priceMicros(card, marketOf(String(digits)), 'MARKETING') ?? 0) > 0);
    }),
  );
});

test('prices by market and category, in whole micros, whatever the spelling of the category', () => {
  assert.equal(priceMicros(october, 'Colombia', 'MARKETING'), 12_500);
  assert.equal(priceMicros(october, 'Colombia', 'marketing_lite'), 12_500);
  assert.equal(priceMicros(october, 'Colombia', 'Utility'), 800);
  assert.equal(priceMicros(october, 'India', 'authentication-international'), 30_400);
  assert.equal(priceMicros(october, 'India', 'authentication_international'), 30_400);
  assert.equal(priceMicros(october, 'Colombia', 'something_new'), undefined);
});

test('charges the ordinary authentication rate where there is no international one', () => {
  assert.equal(priceMicros(october, 'Brazil', 'authentication-international'), 6800);
});

test('prices a market that is younger than the card as the region it belonged to', () => {
  assert.equal(priceMicros(july, 'Bangladesh', 'marketing'), priceMicros(july, 'Rest of Asia Pacific', 'marketing'));
  assert.equal(priceMicros(july, 'Kazakhstan', 'marketing'), priceMicros(july, 'Russia', 'marketing'));
  assert.equal(priceMicros(july, 'Atlantis', 'marketing'), priceMicros(july, 'Other', 'marketing'));
});

test('estimates each market and the sum, dearest first', () => {
  assert.deepEqual(estimate({ Colombia: 1000, Germany: 10 }, 'MARKETING', october), {
    currency: 'USD',
    totalMicros: 12_500_000 + 1_365_000,
    leastMicros: 12_500_000 + 1_365_000,
    markets: [
      { market: 'Colombia', count: 1000, unitMicros: 12_500, totalMicros: 12_500_000 },
      { market: 'Germany', count: 10, unitMicros: 136_500, totalMicros: 1_365_000 },
    ],
  });
});

test('one price for everyone overrules the card, for the estimate and for what was charged', () => {
  const flat = { currency: 'USD', flatMicros: 5_000 };
  assert.equal(estimate({ Colombia: 1000, Germany: 1000 }, 'MARKETING', flat).totalMicros, 10_000_000);
  assert.equal(chargedMicros(flat, 'Germany', { type: 'regular', category: 'marketing' }), 5000);
  assert.equal(chargedMicros(flat, 'Germany', { type: 'free_entry_point', category: 'marketing' }), 0);
});

test('a card with volume tiers gives a range: all at list price, all at the lowest tier', () => {
  const read = parseTiersCsv('Market;Category;From;Rate\nColombia;Utility;100.000;0,0006\nColombia;Utility;1.000.000;0,0005');
  assert.ok(read.ok);
  const { totalMicros, leastMicros } = estimate({ Colombia: 10, Germany: 1 }, 'UTILITY', { ...october, tiers: read.tiers });
  assert.deepEqual([totalMicros, leastMicros], [8_000 + 55_000, 5_000 + 55_000]);
  assert.deepEqual(parseTiersCsv('Market,Rate\nColombia,1').ok, false);
  assert.deepEqual(parseTiersCsv('Market,Category,From,Rate\nColombia,utility,many,1').ok, false);
});

test('what Meta says it cost counts before the card, and in another currency or of an unknown type it is unknown, never 0', () => {
  const reported = { type: 'regular', category: 'marketing_lite' };
  const cost = { micros: 9_000, currency: 'USD' };
  assert.equal(chargedMicros(october, 'Colombia', { ...reported, cost }), 9_000);
  assert.equal(chargedMicros(october, 'Colombia', { ...reported, cost: { ...cost, currency: 'COP' } }), undefined);
  assert.equal(chargedMicros(october, 'Colombia', { ...reported, type: 'from_the_future' }), undefined);
  assert.equal(chargedMicros(october, 'Colombia', { ...reported, type: 'free_group_customer_service' }), 0);
});

test('the prices of the claim are those of the card for every number: the longest digits that fit', () => {
  const prices = pricesByPrefix(october, 'MARKETING');
  const numbers = fc.bigInt({ min: 10n ** 7n, max: 10n ** 15n - 1n }).map(String);
  fc.assert(
    fc.property(numbers, (phone) => {
      const key = [4, 3, 2, 1].map((n) => phone.slice(0, n)).find((digits) => digits in prices) ?? '';
      assert.equal(prices[key], priceMicros(october, marketOf(phone), 'MARKETING'));
    }),
  );
});

test('amounts are read and written digit by digit', () => {
  assert.deepEqual(['0.0125', '12', '0.0000005', '0.0000004', '1e3', '1,5', '-1', ''].map(microsOf), [
    12_500,
    12_000_000,
    1,
    0,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal(microsOfNumber(0.000001), 1);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e15 - 1 }), (micros) => {
      assert.equal(microsOf(decimalOf(micros)), micros);
    }),
  );
});

test('estimates an unknown category as marketing', () => {
  assert.equal(estimate({ Colombia: 1 }, 'NEW', october).totalMicros, 12_500);
});

test('what Meta calls free costs nothing; what it charges costs the rate of the reported category', () => {
  assert.equal(chargedMicros(october, 'Colombia', { type: 'free_customer_service', category: 'utility' }), 0);
  assert.equal(chargedMicros(october, 'Colombia', { type: 'regular', category: 'utility', billable: false }), 800);
  assert.equal(chargedMicros(october, 'Colombia', { category: 'marketing', billable: false }), 0);
  assert.equal(chargedMicros(october, 'Colombia', { category: 'referral_conversion' }), 0);
  assert.equal(chargedMicros(october, 'Colombia', { category: 'marketing' }), 12_500);
  assert.equal(chargedMicros(october, 'Colombia', { type: 'regular' }), undefined);
});

function csvOf({ markets }: RateCard, separator = ',', decimal = '.'): string {
  const price = (micros: number | null): string => (micros === null ? 'n/a' : String(micros / 1e6).replace('.', decimal));
  const lines = Object.entries(markets).map(([market, rates]) =>
    [
      `"${market}"`,
      '$US',
      price(rates.marketing),
      price(rates.utility),
      price(rates.authentication),
      price(rates.authenticationInternational),
      price(rates.service),
    ].join(separator),
  );
  return [
    '﻿"Rates, effective October 1, 2026"',
    '',
    ['Market', 'Currency', 'Marketing', 'Utility', 'Authentication', 'Authentication-International', 'Service'].join(separator),
    ...lines,
    '"*Footnote, with a comma"',
  ].join('\r\n');
}

test('reads back its own card from the form Meta offers, also as Excel writes it in Spanish', () => {
  for (const text of [csvOf(october), csvOf(october, ';', ','), csvOf(october, '\t')]) {
    const result = parseRateCardCsv(text);
    assert.ok(result.ok, result.ok ? '' : english(result.error));
    assert.deepEqual(result.card, { currency: 'USD', effectiveFrom: '2026-10-01', markets: october.markets });
  }
});

test('lets the date and the currency be named where the file has none', () => {
  const text = 'Market,Marketing,Utility,Authentication\nOther,0.0604,$0.0077,0.0077\n';
  const result = parseRateCardCsv(text, { effectiveFrom: '2027-01-01', currency: 'EUR' });
  assert.ok(result.ok);
  assert.deepEqual(result.card.markets, {
    Other: { marketing: 60_400, utility: 7700, authentication: 7700, authenticationInternational: null, service: 0 },
  });
});

for (const [text, reason] of [
  ['', /names the columns/],
  ['Market,Marketing\nOther,1', /missing: utility, authentication/],
  ['Market,Currency,Marketing,Utility,Authentication\nSpain,USD,0.07,0.02,0.02', /"Other" is missing/],
  ['Market,Currency,Marketing,Utility,Authentication\nOther,USD,0.07,n\/a,n\/a', /Line 2 \(Other\) has no utility/],
  ['Market,Marketing,Utility,Authentication\nOther,0.07,0.02,0.02', /currency is not in the file/],
  ['Market,Currency,Marketing,Utility,Authentication\nOther,USD,0.07,0.02,0.02', /date the rates begin/],
] as const) {
  test(`refuses a card with a sentence like ${String(reason)}`, () => {
    const result = parseRateCardCsv(text);
    assert.ok(!result.ok);
    assert.match(english(result.error), reason);
  });
}

test('never throws on a file of any content', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseRateCardCsv(text)));
});
