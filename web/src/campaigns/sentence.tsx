import type { Schemas } from '../lib/api.ts';
import { useWords } from '../lib/words.ts';

/** What one would tell the boss. Says of the sandbox that it was one. */
export function Sentence({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f, rich } = useWords();
  const counts = stats.by_status;
  const people = stats.total_recipients - counts.skipped;
  const parts = {
    bad: (text: string) => <b className="st-bad">{text}</b>,
    warn: (text: string) => <b className="warn">{text}</b>,
  };
  const values = {
    people: f.number(people),
    sent: f.number(stats.messages_sent),
    delivered: f.number(stats.messages_delivered),
    read: f.number(stats.messages_read),
    failed: f.number(stats.messages_failed),
    failures: stats.messages_failed,
    unknown: f.number(counts.unknown),
    unknowns: counts.unknown,
    cancelled: f.number(counts.cancelled),
    count: people,
  };
  const isSandbox = campaign.mode === 'sandbox';
  const [worst] = stats.failures.toSorted((one, other) => other.count - one.count);
  return (
    <p className="boss" aria-live="polite">
      {stats.total_recipients === 0
        ? t('say.nobody')
        : stats.messages_sent === 0 && stats.messages_failed === 0 && counts.unknown === 0
          ? rich(campaign.started_at === null ? 'say.before' : 'say.beginning', values)
          : rich(isSandbox ? 'say.took-sandbox' : 'say.took', values)}
      {stats.messages_delivered > 0 && <> {rich('say.got', values)}</>}
      {stats.messages_failed > 0 && (
        <>
          {' '}
          {rich('say.failed', values, parts)}
          {worst !== undefined && worst.count > 1 && (
            <> {t('say.most', { count: worst.count, n: f.number(worst.count), cause: worst.title })}</>
          )}
        </>
      )}
      {counts.unknown > 0 && <> {rich('say.unknown', values, parts)}</>}
      {stats.status === 'cancelled' && counts.cancelled > 0 && <> {rich('say.cancelled', values)}</>}
      {stats.duplicate_incidents > 0 && <> {rich('say.twice', { count: stats.duplicate_incidents }, parts)}</>}
    </p>
  );
}
