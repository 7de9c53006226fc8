import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../lib/api.ts';
import { useLiveCampaign } from '../lib/live.ts';
import { StatusBar, StatusLegend } from '../lib/message/status-bar.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { useWords } from '../lib/words.ts';
import { CampaignNotices } from './campaign-notices.tsx';
import { CampaignState, stateNote } from './campaign-state.tsx';
import { ControlButtons } from './control-buttons.tsx';
import { Failures } from './failures.tsx';
import { Funnel } from './funnel.tsx';
import { People } from './people/people.tsx';
import { campaignQuery, statsQuery } from './queries.ts';
import { RateChart } from './rate-chart.tsx';
import { RecountButton } from './recount-button.tsx';
import { Sentence } from './sentence.tsx';
import { Unconfirmed } from './unconfirmed.tsx';

type Campaign = Schemas['Campaign'];
type Stats = Schemas['CampaignStats'];

/** Is it going well, when does it end, and can it be stopped? All of it live. */
export function CampaignScreen() {
  const { t } = useWords();
  const { id } = useParams({ from: '/shell/campaigns/$id' });
  useLiveCampaign(id);
  const campaign = useQuery(campaignQuery(id));
  const stats = useQuery(statsQuery(id));
  const error = campaign.error ?? stats.error;
  if (campaign.data === undefined || stats.data === undefined)
    return (
      <Screen title={t('one.title', { id })} crumb={<Crumb />}>
        {error === null ? (
          <Loading words={t('one.loading')} rows={8} />
        ) : (
          <ProblemNotice error={error} title={t('one.failed')} retry={() => Promise.all([campaign.refetch(), stats.refetch()])} />
        )}
      </Screen>
    );
  return <Loaded campaign={campaign.data} stats={stats.data} />;
}

function Crumb() {
  const { t } = useWords();
  return (
    <Link to="/campaigns" search={{}}>
      {t('campaigns.title')}
    </Link>
  );
}

function Loaded({ campaign, stats }: { readonly campaign: Campaign; readonly stats: Stats }) {
  const words = useWords();
  const { t, f } = words;
  const current = { ...campaign, status: stats.status };
  return (
    <Screen
      title={campaign.name}
      crumb={<Crumb />}
      sub={
        <span className="row wrap">
          <CampaignState campaign={current} />
          <span className="q sep">·</span>
          <span>
            {campaign.template_name === null ? '' : `${campaign.template_name} · `}
            {stateNote(current, words)} {t('one.zone', { zone: f.zoneName })}
          </span>
        </span>
      }
      actions={<ControlButtons campaign={current} stats={stats} />}
    >
      <Sentence campaign={campaign} stats={stats} />
      <CampaignNotices campaign={current} stats={stats} />
      <section className="one-bar" aria-label={t('one.where')}>
        <StatusBar counts={stats.by_status} big />
        <BarCaption stats={stats} />
        <StatusLegend
          counts={stats.by_status}
          link={(status, inside) => (
            <Link to="/campaigns/$id" params={{ id: campaign.id }} search={{ status }} hash="people" replace>
              {inside}
              <span className="sr">. {t('one.see-who')}</span>
            </Link>
          )}
        />
        <p className="t12 q after">
          {t('one.sum', { total: f.number(stats.total_recipients) })} <RecountButton id={campaign.id} />
        </p>
      </section>
      <div className="cols cols-2-1 part">
        <RateChart id={campaign.id} stats={stats} />
        <Funnel stats={stats} />
      </div>
      <Failures campaign={current} stats={stats} />
      <Unconfirmed campaign={campaign} stats={stats} />
      <p className="printed t12 q after-16">
        {t('one.printed', { when: f.moment(new Date()), open: stats.open_outcomes, n: f.number(stats.open_outcomes) })}
      </p>
      <People campaign={campaign} stats={stats} />
    </Screen>
  );
}

/** How fast, how many are left, and when it ends: an end only while something moves. */
function BarCaption({ stats }: { readonly stats: Stats }) {
  const { t, f, rich } = useWords();
  const left = stats.by_status.pending + stats.by_status.sending;
  if (stats.status !== 'running') return null;
  const { eta_seconds: eta, rate_per_minute: perMinute, pace } = stats;
  const stopped = stats.waiting?.until ?? pace?.stopped_until ?? null;
  return (
    <div className="bar-cap">
      <span>
        {rich(pace === null ? 'one.rate' : 'one.rate-of', {
          rate: f.number(Math.round(perMinute / 6) / 10),
          pace: f.number(Math.round(pace?.messages_per_second ?? 0)),
        })}
      </span>
      <span>
        {stopped !== null
          ? rich('one.left-stopped', { left: f.number(left), until: f.moment(stopped) })
          : eta === null || perMinute === 0
            ? t('one.left', { left: f.number(left) })
            : rich('one.left-ends', {
                left: f.number(left),
                at: f.time(new Date(Date.now() + eta * 1000)),
                in: f.duration(eta),
              })}
      </span>
    </div>
  );
}
