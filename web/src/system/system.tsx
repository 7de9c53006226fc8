import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Schemas } from '../lib/api.ts';
import { statusQuery } from '../lib/status.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords, type Words } from '../lib/words.ts';
import { alarmTitle } from './alarm-title.ts';
import { Alarms } from './alarms.tsx';
import { Backups } from './backups.tsx';
import { Facts, Part } from './part.tsx';
import { Processes } from './processes.tsx';
import { standingQuery } from './queries.ts';

type Status = Schemas['Status'];

/** Can it send? If not, what is wrong and what to do. */
export function System() {
  const { t, f } = useWords();
  const { data: status, error, dataUpdatedAt, refetch } = useQuery(statusQuery);
  if (status === undefined)
    return (
      <Screen title={t('system.title')}>
        {error === null ? (
          <Loading words={t('system.loading')} rows={8} />
        ) : (
          <ProblemNotice error={error} title={t('system.failed')} retry={refetch} />
        )}
      </Screen>
    );
  return (
    <Screen title={t('system.title')} sub={t('system.sub', { time: f.seconds(new Date(dataUpdatedAt)) })}>
      <Sentence status={status} />
      <div className="notices">
        {status.alarms.map((alarm) => (
          <AlarmNotice key={alarm.code} alarm={alarm} />
        ))}
      </div>
      <div className="cols cols-2 part">
        <SendingNumber status={status} />
        <Webhooks status={status} />
        <Processes status={status} />
        <Backups status={status} />
      </div>
      <Alarms />
    </Screen>
  );
}

function AlarmNotice({ alarm }: { readonly alarm: Status['alarms'][number] }) {
  const { t } = useWords();
  return (
    <Notice tone="warn" title={alarmTitle(alarm.code, t)} code={alarm.code}>
      {alarm.message}
    </Notice>
  );
}

/** What one would answer to "does it work?". */
function Sentence({ status }: { readonly status: Status }) {
  const { rich } = useWords();
  const standing = useQuery(standingQuery);
  const asking =
    standing.data?.data.filter(({ status: state, attention }) => state === 'paused' || attention !== null).length ?? 0;
  const parts = {
    bad: (text: string) => <b className="st-bad">{text}</b>,
    warn: (text: string) => <b className="warn">{text}</b>,
    link: (text: string) => (
      <Link to="/campaigns" search={{ tab: 'paused' }}>
        {text}
      </Link>
    ),
  };
  const cannot = status.stopped_at !== null || status.alarms.some(({ code }) => code === 'no_worker' || code === 'meta_outage');
  return (
    <p className="boss">
      {rich(cannot ? 'system.say-cannot' : status.mode === 'sandbox' ? 'system.say-sandbox' : 'system.say-can', {}, parts)}
      {status.alarms.length > 0 && <> {rich('system.say-alarms', { count: status.alarms.length }, parts)}</>}
      {asking > 0 && <> {rich('system.say-asking', { count: asking }, parts)}</>}
    </p>
  );
}

const QUALITIES: Readonly<Record<string, { readonly icon: string; readonly tone: string; readonly word: string }>> = {
  GREEN: { icon: 'best', tone: 'ok', word: 'quality.high' },
  YELLOW: { icon: 'alert', tone: 'warn', word: 'quality.medium' },
  RED: { icon: 'alert', tone: 'bad', word: 'quality.low' },
};

function SendingNumber({ status }: { readonly status: Status }) {
  const { t, f } = useWords();
  const { number, pace } = status;
  const isConnected = number.status === 'CONNECTED';
  return (
    <Part
      title={t('system.number')}
      good={number.status === null ? undefined : isConnected}
      state={number.status === null ? t('system.unknown') : isConnected ? t('system.connected') : number.status}
    >
      <Facts
        facts={[
          [
            t('system.phone'),
            [number.display_phone_number ?? number.phone_number_id, number.verified_name]
              .filter((part) => part !== null)
              .join(' · '),
          ],
          [t('system.quality'), <Quality key="quality" quality={number.quality} />],
          [t('system.tier'), tierWords(number.messaging_limit, { t, number: f.number })],
          ...(pace === null ? [] : paceFacts(pace, { t, f })),
          [t('system.synced'), <When key="synced" at={number.synced_at} />],
        ]}
      />
    </Part>
  );
}

function Quality({ quality }: { readonly quality: string | null }) {
  const { t } = useWords();
  const known = QUALITIES[quality ?? ''];
  if (known === undefined) return <span className="q">{t('quality.unknown')}</span>;
  return (
    <span className={known.tone}>
      <Icon name={known.icon} /> {t(known.word)}
    </span>
  );
}

function paceFacts(pace: NonNullable<Status['pace']>, { t, f }: Pick<Words, 't' | 'f'>): [string, ReactNode][] {
  return [
    [t('system.pace'), <b key="pace">{t('top.pace', { pace: f.number(pace.sent_per_second) })}</b>],
    [
      t('system.allowed'),
      <span key="allowed">
        {t('system.allowed-of', { now: f.number(pace.messages_per_second), ceiling: f.number(pace.ceiling) })}
        {pace.slowed_until !== null && (
          <span className="warn"> {t('top.pace-until', { time: f.seconds(pace.slowed_until) })}</span>
        )}
      </span>,
    ],
  ];
}

/** TIER_10K is 10,000 people in 24 hours. */
function tierWords(
  tier: string | null,
  { t, number }: Pick<Words, 't'> & { readonly number: (value: number) => string },
): string {
  if (tier === null) return t('quality.unknown');
  if (tier === 'TIER_UNLIMITED') return t('system.tier-unlimited');
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(tier) ?? [];
  if (digits === undefined) return tier;
  return t('system.tier-of', { people: number(Number(digits) * (thousands === 'K' ? 1_000 : 1)) });
}

function Webhooks({ status }: { readonly status: Status }) {
  const { t, f } = useWords();
  const { pending, stuck, last_received_at: last, refused } = status.webhooks;
  const isSilent = status.alarms.some(({ code }) => code === 'webhooks_silent');
  const isGood = !isSilent && stuck === 0;
  return (
    <Part
      title={t('system.webhooks')}
      good={last === null && !isSilent ? undefined : isGood}
      state={t(
        isSilent ? 'system.silent' : last === null ? 'system.none-yet' : stuck > 0 ? 'system.some-stuck' : 'system.arriving',
      )}
    >
      <Facts
        facts={[
          [t('system.last-webhook'), <When key="last" at={last} />],
          [t('system.pending'), f.number(pending)],
          [
            t('system.stuck'),
            <span key="stuck" className={stuck > 0 ? 'bad' : undefined}>
              {f.number(stuck)}
            </span>,
          ],
          [
            t('system.refused'),
            <span key="refused" className={refused.count > 0 ? 'warn' : undefined}>
              {f.number(refused.count)} {refused.last_at !== null && <>· {f.moment(refused.last_at)}</>}
            </span>,
          ],
        ]}
      />
      {refused.count > 0 && <p className="t12 q2 after">{t('system.refused-words')}</p>}
    </Part>
  );
}
