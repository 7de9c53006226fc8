import { useQuery } from '@tanstack/react-query';
import { phoneWords } from '../lib/phone-words.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { trailQuery } from './queries.ts';
import { sourceWords } from './source-words.ts';

const SIGNS = {
  opt_out: { icon: 'skip', tone: '' },
  doubt: { icon: 'ask', tone: 'warn' },
  lift: { icon: 'retry', tone: '' },
  resume: { icon: 'tick', tone: 'ok' },
} as const;

/** The proof: whose words, which, when, and who of us acted. */
export function TrailDialog({ phone, onClose }: { readonly phone: string; readonly onClose: () => void }) {
  const words = useWords();
  const { t } = words;
  const { data, error, isPending, refetch } = useQuery(trailQuery(phone));
  return (
    <Dialog
      wide
      title={t('optouts.trail-title', { phone: phoneWords(phone) })}
      onClose={onClose}
      actions={<Button onPress={onClose}>{t('action.close')}</Button>}
    >
      {error !== null && <ProblemNotice error={error} title={t('optouts.trail-failed')} retry={refetch} />}
      {isPending && <Loading words={t('optouts.trail-loading')} rows={2} />}
      {data !== undefined && (
        <>
          <p className="q2">{t(data.opted_out ? 'optouts.is-out' : 'optouts.is-not-out')}</p>
          <ol className="life days after-16">
            {data.data.map((event) => (
              <li key={`${event.at} ${event.kind} ${event.scope} ${event.source}`}>
                <When at={event.at} />
                <Icon name={SIGNS[event.kind].icon} tone={SIGNS[event.kind].tone} />
                <div>
                  <p>
                    <b>{t(`optouts.event-${event.kind}`, { scope: t(`optouts.scope-${event.scope}`) })}</b>
                  </p>
                  <p className="q2">
                    <bdi>{event.kind === 'lift' ? liftWords(event.actor, event.reason) : sourceWords(event, words)}</bdi>
                  </p>
                </div>
              </li>
            ))}
          </ol>
        </>
      )}
    </Dialog>
  );

  function liftWords(actor: string | null, reason: string | null): string {
    return t('optouts.lifted-by', { who: actor ?? t('activity.system'), reason: reason ?? '', has: reason === null ? 0 : 1 });
  }
}
