import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OwnPhrase, readOptOut } from '../../src/consent/opt-out-matcher.ts';

const as = (text: string): string | undefined => readOptOut(text)?.kind;

test('a sentence opts out as the word does, with shorthand, accents, emoji and courtesies', () => {
  for (const said of [
    'kiero darme d baja xfa 🙏',
    'YA NO QUIERO RECIBIR MENSAJES!!!',
    'Hola, buenas. No me escriban más, gracias',
    'nao quero mais receber isso',
    'pls dont text me anymore',
  ])
    assert.equal(as(said), 'opt_out', said);
});

test('a refusal of offers stops marketing, one of messages stops all', () => {
  assert.deepEqual(readOptOut('no quiero recibir promociones'), { kind: 'opt_out', scope: 'marketing' });
  assert.deepEqual(readOptOut('no quiero recibir mensajes'), { kind: 'opt_out', scope: 'all' });
});

test('a negation in front turns a wish round', () => {
  for (const said of [
    'no me des de baja',
    'no quiero dejar de recibir sus mensajes',
    'please do not unsubscribe me',
    'não me tirem da lista',
    '¿me mandan muchos productos?',
  ])
    assert.equal(as(said), undefined, said);
});

test('what may be meant so, speaks of something else as well, or is asked within a long text is left to a person', () => {
  for (const said of [
    'no me interesa',
    'wrong number',
    'quién les dio mi número?',
    'quiero darme de baja del gimnasio',
    'no me manden tanta cosa por favor',
    'me escriben mucho',
    'vocês mandam muita mensagem',
    'you text me too often',
    `no me escriban más ${'y otra cosa '.repeat(40)}`,
  ])
    assert.equal(as(said), 'doubtful', said);
});

test('"cancel" typed opts out; tapped on a button of an own template it may speak of an appointment', () => {
  assert.equal(readOptOut('Cancelar')?.kind, 'opt_out');
  assert.equal(readOptOut('Cancelar', { tapped: true })?.kind, 'doubtful');
  assert.equal(readOptOut('Detener promociones', { tapped: true })?.kind, 'opt_out');
});

test("the operator's own phrases come first, whatever they mean", () => {
  const own: OwnPhrase[] = [
    { phrase: 'cancelar', part: 'whole', meaning: 'not_opt_out', scope: 'all' },
    { phrase: 'chao pescao', part: 'anywhere', meaning: 'opt_out', scope: 'marketing' },
    { phrase: 'hablen con mi abogado', part: 'anywhere', meaning: 'doubtful', scope: 'all' },
  ];
  assert.equal(readOptOut('Cancelar', { own }), undefined);
  assert.deepEqual(readOptOut('Bueno, ¡chao pescao!', { own }), { kind: 'opt_out', scope: 'marketing' });
  assert.equal(readOptOut('hablen con mi abogado', { own })?.kind, 'doubtful');
});

test('a text made to be slow costs no more than another', () => {
  const slow = ['no quiero que '.repeat(5_000), 'a'.repeat(100_000), 'quiten de la '.repeat(10_000), '😀'.repeat(50_000)];
  const before = process.cpuUsage().user;
  for (const text of slow) readOptOut(text);
  assert.ok(process.cpuUsage().user - before < 1_000_000);
});
