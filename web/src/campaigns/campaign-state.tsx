import type { Schemas } from '../lib/api.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords, type Words } from '../lib/words.ts';

type Campaign = Schemas['Campaign'];

const SIGNS: Readonly<Record<Campaign['status'], { icon: string; tone: string }>> = {
  draft: { icon: 'edit', tone: 'draft' },
  scheduled: { icon: 'clock', tone: '' },
  running: { icon: '', tone: 'run' },
  paused: { icon: 'pause', tone: 'paused' },
  completed: { icon: 'took', tone: 'done' },
  cancelled: { icon: 'minus', tone: 'cancelled' },
  failed: { icon: 'x', tone: 'failed' },
};

/** A sign and a word. One that asks for a decision, or waits for something, says that instead of its state. */
export function CampaignState({ campaign }: { readonly campaign: Pick<Campaign, 'status' | 'attention' | 'waiting_for'> }) {
  const { t } = useWords();
  if (campaign.attention !== null)
    return (
      <span className="st ask">
        <Icon name="alert" />
        {t('campaign.asks')}
      </span>
    );
  if (campaign.waiting_for !== null)
    return (
      <span className="st held">
        <Icon name="clock" />
        {t('campaign.waits')}
      </span>
    );
  const { icon, tone } = SIGNS[campaign.status];
  return (
    <span className={`st ${tone}`}>
      {icon === '' ? <span className="pulse" /> : <Icon name={icon} />}
      {t(`campaign.${campaign.status}`)}
    </span>
  );
}

/** Pauses that a person asked for; every other one the product decided. */
const BY_HAND: readonly string[] = ['operator', 'stop_everything'];

/** Since when, until when, or why: the quiet line under the state. */
export function stateNote(campaign: Campaign, { t, f }: Words): string {
  if (campaign.waiting_for !== null) return campaign.waiting_for;
  switch (campaign.status) {
    case 'draft':
      return t('campaign.saved', { when: f.moment(campaign.updated_at) });
    case 'scheduled':
      return campaign.scheduled_at === null ? '' : f.moment(campaign.scheduled_at);
    case 'running':
      return campaign.started_at === null ? '' : t('campaign.since', { when: f.moment(campaign.started_at) });
    case 'paused':
      return t(
        campaign.pause_reason === null || BY_HAND.includes(campaign.pause_reason.code)
          ? 'campaign.paused-by-hand'
          : 'campaign.paused-itself',
        {
          when: f.moment(campaign.updated_at),
        },
      );
    case 'completed':
      return campaign.completed_at === null ? '' : f.moment(campaign.completed_at);
    case 'cancelled':
      return campaign.cancelled_at === null ? '' : f.moment(campaign.cancelled_at);
    case 'failed':
      return f.moment(campaign.updated_at);
  }
}
