import type { Schemas } from '../lib/api.ts';
import { Notice } from '../lib/ui/notice.tsx';
import { useWords } from '../lib/words.ts';

/** Why it stands still, and what to do about it. */
export function CampaignNotices({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f } = useWords();
  const reason = stats.pause_reason;
  const byHand = reason?.code === 'operator';
  const slowed = stats.pace?.reason ?? null;
  const stoppedUntil = stats.pace?.stopped_until ?? null;
  return (
    <div className="notices">
      {campaign.attention !== null && (
        <Notice tone="warn" icon="ask" title={t('one.asks')}>
          {campaign.attention}
        </Notice>
      )}
      {campaign.waiting_for !== null && (
        <Notice tone="warn" icon="clock" title={t('one.waits')}>
          {campaign.waiting_for}
        </Notice>
      )}
      {(stats.status === 'paused' || stats.status === 'failed') && reason !== null && !byHand && (
        <Notice
          tone="bad"
          icon="pause"
          title={t(stats.status === 'paused' ? 'one.paused-itself' : 'one.did-not-start')}
          code={reason.meta_code === undefined ? reason.code : `${reason.code} · ${String(reason.meta_code)}`}
        >
          <p>{reason.message}</p>
          {stats.status === 'paused' && <p>{t('one.paused-means', { left: f.number(stats.by_status.pending) })}</p>}
        </Notice>
      )}
      {stats.waiting !== null && (
        <Notice tone="warn" icon="clock" title={t('one.waiting-title')} code={stats.waiting.reason}>
          {stats.waiting.message}
        </Notice>
      )}
      {stats.notice !== null && (
        <Notice tone="warn" icon="ask">
          {stats.notice.message}
        </Notice>
      )}
      {stats.status === 'running' && slowed !== null && (
        <Notice
          tone="warn"
          icon="clock"
          title={stoppedUntil === null ? t('one.slowed') : t('one.stands', { until: f.moment(stoppedUntil) })}
          code={String(slowed.meta_code)}
        >
          {slowed.message}
        </Notice>
      )}
    </div>
  );
}
