import assert from 'node:assert/strict';
import { test } from 'node:test';
import { optOutScope } from '../../src/domain/opt-out.ts';

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
