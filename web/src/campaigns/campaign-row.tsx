import { Link } from '@tanstack/react-router';
import type { Schemas } from '../lib/api.ts';
import { StatusBar } from '../lib/message/status-bar.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords, type Words } from '../lib/words.ts';
import { CampaignState, stateNote } from './campaign-state.tsx';
import { RowAction } from './row-action.tsx';

type Campaign = Schemas['Campaign'];

/** From here on a share of failures is a sign of trouble. */
const MANY_FAILED = 0.1;

export function CampaignRow({ campaign }: { readonly campaign: Campaign }) {
  const words = useWords();
  const { t, f } = words;
  const { by_status: counts, total_recipients: people } = campaign;
  return (
    <tr className="link">
      <td className="c-name">
        {campaign.status === 'draft' ? (
          <Link to="/campaigns/$id/edit" params={{ id: campaign.id }} search={{}} className="name two">
            {campaign.name}
          </Link>
        ) : (
          <Link to="/campaigns/$id" params={{ id: campaign.id }} search={{}} className="name two">
            {campaign.name}
          </Link>
        )}
        <div className="t12 q">
          {campaign.template_name === null
            ? t('campaigns.no-template')
            : `${campaign.template_name} · ${campaign.template_language ?? ''}`}
        </div>
      </td>
      <td data-k={t('campaigns.head-state')}>
        <CampaignState campaign={campaign} />
        <div
          className={`t12 ${campaign.status === 'paused' || campaign.attention !== null ? 'warn' : campaign.status === 'failed' ? 'bad' : 'q'}`}
        >
          {stateNote(campaign, words)}
        </div>
      </td>
      <td className={people === 0 ? 'num blank' : 'num'} data-k={t('campaigns.head-people')}>
        {people === 0 ? <span className="q">—</span> : f.number(people)}
      </td>
      <td className="c-bar">
        <StatusBar counts={counts} />
        <div className="bar-cap">
          <span>{progressWords(campaign, words)}</span>
        </div>
      </td>
      <PaceCell campaign={campaign} />
      <FailedCell campaign={campaign} />
      <CostCell campaign={campaign} />
      <td className="num act">
        <RowAction campaign={campaign} />
      </td>
    </tr>
  );
}

/** One line of what became of them, fit to its state. */
function progressWords(campaign: Campaign, { t, f }: Words): string {
  const {
    by_status: counts,
    total_recipients: people,
    messages_sent: sent,
    messages_delivered: delivered,
    messages_read: read,
  } = campaign;
  if (campaign.attention !== null) return campaign.attention;
  if (people === 0) return t('campaigns.no-people');
  switch (campaign.status) {
    case 'draft':
    case 'scheduled':
      return counts.skipped > 0 ? t('campaigns.skipped', { count: counts.skipped }) : t('campaigns.all-wait');
    case 'completed':
      if (sent === 0) return t('campaigns.none-sent');
      return t('campaigns.delivered-read-share', { delivered: f.percent(delivered / sent), read: f.percent(read / sent) });
    case 'cancelled':
      return t('campaigns.left-before', { count: people - counts.cancelled });
    case 'failed':
      return campaign.pause_reason?.message ?? t('campaigns.none-sent');
    case 'running':
    case 'paused':
      return t('campaigns.delivered-read', { delivered: f.number(delivered), read: f.number(read) });
  }
}

function PaceCell({ campaign }: { readonly campaign: Campaign }) {
  const { t, f } = useWords();
  const { status, by_status: counts, rate_per_minute: perMinute, eta_seconds: eta } = campaign;
  const onTheWay = counts.accepted + counts.sent + counts.held;
  const blank = status === 'draft' || status === 'cancelled' || (status === 'completed' && onTheWay === 0);
  return (
    <td className={blank ? 'num blank' : 'num'} data-k={t('campaigns.head-pace')}>
      {status === 'running' && (
        <>
          <b>
            {t('top.pace', {
              pace: f.number(perMinute >= 60 ? Math.round(perMinute / 60) : Math.round((perMinute / 60) * 10) / 10),
            })}
          </b>
          <div className="t12 q2">
            {eta === null
              ? t('campaigns.end-unknown')
              : t('campaigns.ends', { time: f.ending(new Date(Date.now() + eta * 1000)) })}
          </div>
        </>
      )}
      {status === 'scheduled' && <span className="t12 q">{t('campaigns.starts-itself')}</span>}
      {status === 'paused' && <span className="t12 q2">{t('campaigns.until-resumed')}</span>}
      {status === 'completed' && onTheWay > 0 && <span className="t12 q">{t('campaigns.on-the-way', { count: onTheWay })}</span>}
      {status === 'failed' && <span className="t12 q">{t('campaigns.nobody-got')}</span>}
    </td>
  );
}

function FailedCell({ campaign }: { readonly campaign: Campaign }) {
  const { t, f } = useWords();
  const { messages_failed: failed, messages_sent: sent } = campaign;
  const attempted = sent + failed;
  if (attempted === 0)
    return (
      <td className="num blank" data-k={t('campaigns.head-failed')}>
        <span className="q">—</span>
      </td>
    );
  const share = failed / attempted;
  const isBad = share >= MANY_FAILED;
  return (
    <td className="num" data-k={t('campaigns.head-failed')}>
      <span className={isBad ? 'bad' : undefined}>
        {isBad && <Icon name="alert" />} <b>{f.number(failed)}</b>
      </span>
      <div className={isBad ? 't12 bad' : 't12 q'}>{f.percent(share)}</div>
    </td>
  );
}

function CostCell({ campaign }: { readonly campaign: Campaign }) {
  const { t, f } = useWords();
  const { actual_cost: actual, estimated_cost: estimated, status } = campaign;
  const amount = (value: number): string => f.money(value, campaign.currency).replace(campaign.currency, '').trim();
  const isBefore = status === 'draft' || status === 'scheduled';
  if (isBefore && estimated === null)
    return <td className="num blank" data-k={t('campaigns.head-cost', { currency: campaign.currency })} />;
  return (
    <td className="num" data-k={t('campaigns.head-cost', { currency: campaign.currency })}>
      {isBefore ? (
        <span className="q">{t('campaigns.cost-up-to', { amount: amount(estimated ?? 0) })}</span>
      ) : (
        <>
          <b>{amount(actual)}</b>
          {estimated !== null && <div className="t12 q">{t('campaigns.cost-of', { amount: amount(estimated) })}</div>}
        </>
      )}
    </td>
  );
}
