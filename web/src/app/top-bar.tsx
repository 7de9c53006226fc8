import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, type Schemas } from '../lib/api.ts';
import { facts } from '../lib/facts.ts';
import { liveState } from '../lib/live.ts';
import { useMay, useMe } from '../lib/session.ts';
import { useStore } from '../lib/store.ts';
import { Button } from '../lib/ui/button.tsx';
import { LanguageChoice, ThemeButton } from '../lib/ui/choices.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

type Status = Schemas['Status'];

export function TopBar({ status, onStop }: { readonly status: Status | undefined; readonly onStop: () => void }) {
  const { t } = useWords();
  const mayStop = useMay('write');
  return (
    <header className="top">
      <Link className="brand" to="/campaigns" search={{}}>
        {facts.name}
      </Link>
      <SendingNumber status={status} />
      <Quality quality={status?.number.quality ?? null} />
      <Pace pace={status?.pace ?? null} />
      <div className="end">
        <div className="cell inline hide-s">
          <LiveDot />
        </div>
        <div className="cell hide-s">
          <LanguageChoice />
        </div>
        <div className="cell hide-s">
          <ThemeButton />
        </div>
        <div className="cell inline hide-m">
          <Who />
        </div>
        {status?.stopped_at === null && mayStop && (
          <div className="cell stop">
            <Button kind="danger" size="small" icon="stop" onPress={onStop}>
              {t('stop.button')}
            </Button>
          </div>
        )}
      </div>
    </header>
  );
}

function SendingNumber({ status }: { readonly status: Status | undefined }) {
  const { t } = useWords();
  const number = status?.number;
  return (
    <div className="cell">
      <b>{number?.display_phone_number ?? number?.phone_number_id ?? '…'}</b>
      <span className="hide-s">{number?.verified_name ?? (facts.mode === 'sandbox' ? t('top.simulated') : t('top.number'))}</span>
      <span className="only-s">
        <LiveDot />
      </span>
    </div>
  );
}

const QUALITIES = {
  GREEN: { icon: 'best', tone: 'ok', word: 'quality.high' },
  YELLOW: { icon: 'alert', tone: 'warn', word: 'quality.medium' },
  RED: { icon: 'alert', tone: 'bad', word: 'quality.low' },
} as const;

function Quality({ quality }: { readonly quality: string | null }) {
  const { t } = useWords();
  const known = Object.entries(QUALITIES).find(([name]) => name === quality)?.[1];
  return (
    <div className="cell hide-s">
      <b className={known?.tone ?? ''}>
        {known === undefined ? (
          t('quality.unknown')
        ) : (
          <>
            <Icon name={known.icon} /> {t(known.word)}
          </>
        )}
      </b>
      {t('top.quality')}
    </div>
  );
}

function Pace({ pace }: { readonly pace: Status['pace'] }) {
  const { t, f } = useWords();
  if (pace === null) return null;
  const { sent_per_second: now, messages_per_second: allowed, ceiling, slowed_until: until } = pace;
  const width = (rate: number): string => `${String(ceiling === 0 ? 0 : Math.round(Math.min(1, rate / ceiling) * 72))}px`;
  return (
    <div className="cell">
      <span className={until === null ? undefined : 'warn'}>
        <b>{t('top.pace', { pace: f.number(Math.round(now * 10) / 10) })}</b>{' '}
        {until === null ? t('top.pace-of', { ceiling: f.number(ceiling) }) : t('top.pace-until', { time: f.time(until) })}
      </span>
      <span
        className="gauge"
        role="img"
        aria-label={t('top.pace-words', { pace: f.number(Math.round(now * 10) / 10), ceiling: f.number(ceiling) })}
      >
        <i style={{ width: width(now) }} />
        {allowed < ceiling && <u style={{ left: width(allowed) }} />}
      </span>
    </div>
  );
}

function LiveDot() {
  const { t, f } = useWords();
  const { now, since } = useStore(liveState);
  const sign = now === 'live' ? 'dot' : now === 'connecting' ? 'dot catching' : 'dot off';
  return (
    <span className="row live" role="status">
      <span className={sign} />
      {now === 'live' && t('live.live')}
      {now === 'connecting' && t('live.connecting')}
      {now === 'offline' && t('live.offline', { time: f.time(since ?? new Date()) })}
    </span>
  );
}

function Who() {
  const { t } = useWords();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  if (me === undefined) return null;
  if (me.kind !== 'person') return <span>{me.name}</span>;
  const leave = async (): Promise<void> => {
    await api.POST('/api/v1/auth/logout');
    queries.clear();
    await navigate({ to: '/login', search: {} });
  };
  return (
    <>
      <span>{me.name}</span>
      <button type="button" className="lk" onClick={() => void leave()}>
        {t('auth.leave')}
      </button>
    </>
  );
}
