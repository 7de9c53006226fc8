import { Icon } from '../lib/ui/icon.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { useWords } from '../lib/words.ts';
import type { DryRun } from './draft.ts';

/** First of all what one fears: how many will be written to, and how many rows are not among them. */
export function DryRunCounts({ dryRun }: { readonly dryRun: DryRun }) {
  const { t, rich, f } = useWords();
  const parts = [
    { kind: 'good', icon: 'tick', rows: dryRun.valid_rows },
    { kind: 'bad', icon: 'x', rows: dryRun.invalid_rows },
    { kind: 'dup', icon: 'copy', rows: dryRun.duplicate_rows },
    { kind: 'skipped', icon: 'skip', rows: dryRun.suppressed_rows },
  ];
  const out = dryRun.total_rows - dryRun.valid_rows;
  return (
    <section className="part">
      <p className="boss">
        {rich('people.will-be-written', { count: dryRun.valid_rows })}{' '}
        {out === 0 ? t('people.all-rows-fit') : t('people.rows-left-out', { count: out })}
      </p>
      <div
        className="bar big gap"
        role="img"
        aria-label={parts.map(({ kind, rows }) => `${t(`people.count-${kind}`)} ${f.number(rows)}`).join(', ')}
      >
        {parts
          .filter(({ rows }) => rows > 0)
          .map(({ kind, rows }) => (
            <span key={kind} className={`f-${kind}`} style={{ flex: `${String(rows)} 0 0` }} />
          ))}
      </div>
      <ul className="legend four">
        {parts.map(({ kind, icon, rows }) => (
          <li key={kind} className={rows === 0 ? 'zero' : undefined}>
            <span className="entry">
              <span className={`key f-${kind}`} />
              <Icon name={icon} />
              <span>{t(`people.count-${kind}`)}</span>
              <b>{f.number(rows)}</b>
            </span>
          </li>
        ))}
      </ul>
      {dryRun.recent_same_template !== null && (
        <Notice tone="warn" title={t('people.recent', { count: dryRun.recent_same_template.people })}>
          {t('people.recent-words', {
            campaign: String(dryRun.recent_same_template.campaign_id),
            when: f.moment(dryRun.recent_same_template.at),
          })}
        </Notice>
      )}
      {dryRun.notices.length > 0 && (
        <details className="part t13">
          <summary>{t('people.noticed', { count: dryRun.notices.length })}</summary>
          <ul className="plain">
            {dryRun.notices.map((notice) => (
              <li key={`${notice.code} ${notice.message}`}>{notice.message}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
