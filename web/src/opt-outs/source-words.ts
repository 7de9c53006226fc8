import type { Schemas } from '../lib/api.ts';
import type { Words } from '../lib/words.ts';

type Told = Pick<Schemas['OptOut'], 'source' | 'said' | 'actor' | 'detail'>;

const KNOWN = ['keyword', 'button', 'preferences', 'decided', 'operator', 'import'];

/** By whose words, and which: the short of the proof. */
export function sourceWords({ source, said, actor, detail }: Told, { t }: Pick<Words, 't'>): string {
  const code = /^error_(\d+)$/.exec(source)?.[1];
  if (code !== undefined) return t('optouts.by-meta', { code });
  if (!KNOWN.includes(source)) return source.replaceAll('_', ' ');
  const note = detail['note'] ?? detail['reason'];
  const text = said ?? (typeof note === 'string' ? note : undefined);
  return t(`optouts.by-${source}`, {
    text: text ?? '',
    has: text === undefined || text === '' ? 0 : 1,
    who: actor ?? t('activity.system'),
  });
}
