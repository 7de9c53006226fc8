import type { Schemas } from '../lib/api.ts';
import { useWords } from '../lib/words.ts';

/** How far they got: each step holds those after it too. And what it cost. */
export function Funnel({ stats }: { readonly stats: Schemas['CampaignStats'] }) {
  const { t, f } = useWords();
  const counts = stats.by_status;
  const accepted = stats.messages_sent;
  // Failures after the acceptance were sent by nobody: only what is known to have gone on counts.
  const steps = [
    { key: 'accepted', fill: 'accepted', n: accepted, at: '' },
    { key: 'sent', fill: 'sent', n: counts.sent + counts.delivered + counts.read, at: '' },
    { key: 'delivered', fill: 'delivered', n: stats.messages_delivered, at: '' },
    { key: 'read', fill: 'read', n: stats.messages_read, at: '≥ ' },
  ] as const;
  return (
    <section>
      <div className="sec-head">
        <h2>{t('funnel.title')}</h2>
        <div className="right t12 q">{t('funnel.base')}</div>
      </div>
      <ul className="funnel">
        {steps.map(({ key, fill, n, at }) => (
          <li key={key}>
            <span>{t(`messages.${key}`)}</span>
            <span className="t">
              <span className={`f-${fill}`} style={{ width: `${String(accepted === 0 ? 0 : (100 * n) / accepted)}%` }} />
            </span>
            <b>{f.number(n)}</b>
            <em>{accepted === 0 ? '—' : `${n > 0 ? at : ''}${f.percent(n / accepted)}`}</em>
          </li>
        ))}
      </ul>
      <dl className="kv after-16">
        <dt>{t('funnel.cost')}</dt>
        <dd className="num">
          <b>{f.money(stats.actual_cost, stats.currency)}</b>
        </dd>
        {stats.estimated_cost !== null && (
          <>
            <dt>{t('funnel.estimated')}</dt>
            <dd className="num">{f.money(stats.estimated_cost, stats.currency)}</dd>
          </>
        )}
        <dt>{t('funnel.twice')}</dt>
        <dd className="num">
          <b className={stats.duplicate_incidents > 0 ? 'bad' : undefined}>{f.number(stats.duplicate_incidents)}</b>
        </dd>
      </dl>
      <p className="t12 q after">{t('funnel.read-note')}</p>
    </section>
  );
}
