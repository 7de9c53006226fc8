import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consentColumnsOf, refuses } from '../../src/files/consent-column.ts';

function refusedBy(name: string, cell: string): boolean {
  const [column] = consentColumnsOf([name]);
  assert.ok(column, `${name} is no consent column`);
  return refuses(column, cell);
}

test('the columns of shops and CRMs are found in three languages, and a no in them refuses', () => {
  for (const [name, no, yes] of [
    ['Accepts SMS Marketing', 'no', 'yes'],
    ['accepts_marketing', 'FALSE', 'TRUE'],
    ['Opted out of WhatsApp', 'Yes', 'No'],
    ['Unsubscribed from SMS', 'true', 'false'],
    ['SMS Marketing Status', 'unsubscribed', 'subscribed'],
    ['WhatsApp opt-in', '0', '1'],
    ['whatsappOptIn', 'No', 'Sí'],
    ['Do not contact', 'x', ''],
    ['Acepta publicidad', 'NO', 'Sí'],
    ['¿Autoriza envío de WhatsApp?', 'No', 'Si'],
    ['Consentimiento', 'rechazado', 'aceptado'],
    ['Dado de baja', 'Sí', ''],
    ['No contactar', 'SI', 'NO'],
    ['Aceita receber mensagens', 'Não', 'Sim'],
    ['Descadastrado', 'sim', 'não'],
    ['Suscrito', 'no', 'sí'],
  ] as const) {
    assert.deepEqual([refusedBy(name, no), refusedBy(name, yes), refusedBy(name, '')], [true, false, false], name);
  }
});

test('the column that speaks of WhatsApp is obeyed before the one of text messages, and one of e-mail says nothing', () => {
  assert.deepEqual(
    consentColumnsOf(['Phone', 'Accepts Email Marketing', 'Accepts SMS Marketing', 'WhatsApp consent']).map(({ index }) => index),
    [3],
  );
  assert.deepEqual(consentColumnsOf(['Accepts Email Marketing', 'Newsletter subscribed', 'Opt-out date', 'Fecha de baja']), []);
});

test('ordinary columns are none', () => {
  const ordinary = [
    'Nombre',
    'Phone',
    'Estado',
    'Notas',
    'Ciudad',
    'variable_1',
    'Rebaja',
    'Monto',
    'Stock',
    'Cupón',
    'Inicio',
    'Opción',
    'Plan',
    'Fecha',
  ];
  assert.deepEqual(consentColumnsOf(ordinary), []);
});
