import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPT_OUT_BUTTONS } from '../../src/consent/opt-out-buttons.ts';
import { OPT_OUT_WORDS, optOutScope } from '../../src/consent/opt-out-words.ts';

test('the words of opting out hold in any case, with accents, punctuation, emoji and blanks around them', () => {
  for (const said of [
    'BAJA',
    'baja.',
    ' Baja! ',
    'Darme de BAJA',
    'STOP',
    'stop 🙏',
    'No más',
    '¡No más mensajes!',
    'Unsubscribe',
    'opt-out',
    'SAIR',
    'Não quero receber',
    'descadastrar',
  ]) {
    assert.equal(optOutScope(said), 'all', said);
  }
});

test('no more promotions stops marketing only', () => {
  for (const said of ['No más promos', 'no mas promociones!', 'STOP PROMOTIONS', 'Chega de promoções'])
    assert.equal(optOutScope(said), 'marketing', said);
});

test('the buttons that Meta itself puts under marketing templates opt out, in each of its languages', () => {
  for (const label of [
    'Detener promociones',
    'Stop promotions',
    'Parar promoções',
    'Interrompi promozioni',
    'Unsubscribe from Promos',
  ])
    assert.equal(optOutScope(label), 'marketing', label);
  assert.equal(optOutScope('Unsubscribe from All'), 'all');
  for (const scope of ['all', 'marketing'] as const)
    for (const [language, labels] of Object.entries(OPT_OUT_BUTTONS[scope]))
      for (const label of labels) assert.equal(optOutScope(label), scope, `${language}: ${label}`);
});

test('a sentence that contains such a word stops nobody, nor does silence', () => {
  for (const said of [
    'no quiero parar',
    'la caja está baja',
    'please do not stop',
    'cancelar mi pedido 123',
    '',
    '   ',
    '👍',
    'si',
    `baja ${'x'.repeat(80)}`,
    undefined,
  ]) {
    assert.equal(optOutScope(said), undefined, said);
  }
});

test('a decomposed accent is the same word', () => {
  assert.equal(optOutScope('No más'.normalize('NFD')), 'all');
});

test('the documents name exactly the words that are recognised, and each of them is', () => {
  const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const named = (row: string): string[] => {
    const cells = page.split('\n').find((line) => line.startsWith(`| ${row} |`)) ?? '';
    return [...cells.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
  };
  for (const [scope, row] of [
    ['all', 'everything'],
    ['marketing', 'marketing only'],
  ] as const) {
    assert.deepEqual(named(row), [...OPT_OUT_WORDS[scope]]);
    for (const word of OPT_OUT_WORDS[scope]) assert.equal(optOutScope(word), scope, word);
  }
});
