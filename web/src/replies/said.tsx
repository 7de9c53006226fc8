import { phoneWords } from '../lib/phone-words.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords, type Words } from '../lib/words.ts';
import type { Reply } from './queries.ts';

export function whoWords({ name, phone }: Pick<Reply, 'name' | 'phone'>, { t }: Words): string {
  return name ?? (phone === null ? t('replies.hidden') : phoneWords(phone));
}

const SIGNS: Readonly<Record<string, string>> = { image: 'image', location: 'pin', document: 'file' };

/** What was written, or what came instead of words. */
export function Said({ reply }: { readonly reply: Pick<Reply, 'type' | 'body'> }) {
  const { t } = useWords();
  const { type, body } = reply;
  if (type === 'button' || type === 'interactive') return <>{t('replies.tapped', { text: body ?? '' })}</>;
  if (type === 'text') return <bdi>{body ?? ''}</bdi>;
  const id = `replies.kind-${type}`;
  const name = t(id);
  return (
    <>
      <Icon name={SIGNS[type] ?? 'info'} /> {name === id ? type : name} {body !== null && <bdi>{body}</bdi>}
    </>
  );
}
