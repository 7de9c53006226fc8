import type { Schemas } from '../lib/api.ts';
import { facts } from '../lib/facts.ts';
import { useWords } from '../lib/words.ts';

/** On every screen, and it cannot be closed: nobody waits for an answer from a phone that was never written to. */
export function SandboxStripe({ status }: { readonly status: Schemas['Status'] | undefined }) {
  const { t } = useWords();
  if ((status?.mode ?? facts.mode) !== 'sandbox') return null;
  return (
    <section className="sandbox" aria-label={t('sandbox.flag')}>
      <b>{t('sandbox.flag')}</b>
      <span>{t('sandbox.words')}</span>
    </section>
  );
}
