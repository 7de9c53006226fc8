import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readOptOut } from '../../src/consent/opt-out-matcher.ts';

interface Reply {
  readonly wants: string;
  readonly text: string;
  readonly heldOut: boolean;
}

const replies: Reply[] = readFileSync(new URL('../fixtures/opt-out-replies.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [wants = '', , text = ''] = line.split('\t');
    return { wants, text, heldOut: (createHash('sha256').update(text).digest()[0] ?? 0) % 2 === 1 };
  });

function figures(of: readonly Reply[]): { precision: number; recall: number; doubtful: number; wrong: string[] } {
  const judged = of.filter(({ wants }) => wants !== 'unclear').map((reply) => ({ ...reply, as: readOptOut(reply.text)?.kind }));
  const stopped = judged.filter(({ as }) => as === 'opt_out');
  const wanted = judged.filter(({ wants }) => wants === 'out');
  const right = stopped.filter(({ wants }) => wants === 'out').length;
  const wrong = judged
    .filter(({ wants, as }) => (wants === 'out') !== (as === 'opt_out'))
    .map(({ as, text }) => `${as ?? 'nothing'}: ${text}`);
  return {
    precision: right / stopped.length,
    recall: right / wanted.length,
    doubtful: judged.filter(({ as, wants }) => as === 'doubtful' && wants === 'stays').length / judged.length,
    wrong,
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

for (const [half, of] of [
  ['the half the phrases were tuned on', replies.filter(({ heldOut }) => !heldOut)],
  // Its misses are not printed, so that nobody tunes on them.
  ['the half that was never looked at', replies.filter(({ heldOut }) => heldOut)],
] as const) {
  test(`of ${half}, hardly any stop is invented and few are missed`, (t) => {
    const { precision, recall, doubtful, wrong } = figures(of);
    t.diagnostic(
      `${String(of.length)} replies: precision ${percent(precision)}, recall ${percent(recall)}, left to a person without need ${percent(doubtful)}`,
    );
    const named = of[0]?.heldOut === true ? '' : wrong.join('\n');
    assert.ok(precision >= 0.99, `precision ${percent(precision)}\n${named}`);
    assert.ok(recall >= 0.95, `recall ${percent(recall)}\n${named}`);
    assert.ok(doubtful <= 0.05, `left to a person ${percent(doubtful)}`);
  });
}

test('what a person has to decide stops nobody by itself', () => {
  for (const { text } of replies.filter(({ wants }) => wants === 'unclear'))
    assert.notEqual(readOptOut(text)?.kind, 'opt_out', text);
});
