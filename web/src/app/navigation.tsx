import { Link } from '@tanstack/react-router';
import { useId, useRef } from 'react';
import type { Schemas } from '../lib/api.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

type Status = Schemas['Status'] | undefined;

/** The ways, in their order. */
const WAYS = [
  { to: '/campaigns', icon: 'bars', words: 'nav.campaigns' },
  { to: '/templates', icon: 'bubble', words: 'nav.templates' },
  { to: '/opt-outs', icon: 'people', words: 'nav.opt-outs' },
  { to: '/replies', icon: 'reply', words: 'nav.replies' },
  { to: '/system', icon: 'pulse', words: 'nav.system' },
  { to: '/activity', icon: 'clock', words: 'nav.activity' },
  { to: '/settings', icon: 'gear', words: 'nav.settings' },
] as const;
type Way = (typeof WAYS)[number];

/** In the bar of a phone, which has room for four and the rest. */
const ON_A_PHONE: readonly string[] = ['/campaigns', '/replies', '/opt-outs', '/system'];

/** What waits for somebody there, and its name for whoever cannot see it beside the word. */
function useBadge(status: Status): (way: Way) => { readonly count: number; readonly words: string } | undefined {
  const { t } = useWords();
  return ({ to }) => {
    if (status === undefined) return undefined;
    const { unread_replies: unread, doubtful_replies: doubtful } = status.badges;
    if (to === '/replies' && doubtful > 0) return { count: doubtful, words: t('nav.to-decide', { count: doubtful }) };
    if (to === '/replies' && unread > 0) return { count: unread, words: t('nav.unread', { count: unread }) };
    const alarms = status.alarms.length;
    if (to === '/system' && alarms > 0) return { count: alarms, words: t('nav.alarms', { count: alarms }) };
    return undefined;
  };
}

function WayLink({ way, status }: { readonly way: Way; readonly status: Status }) {
  const { t, f } = useWords();
  const badge = useBadge(status)(way);
  const { to, icon, words } = way;
  const isUrgent = to === '/system' || (status?.badges.doubtful_replies ?? 0) > 0;
  return (
    <Link to={to} activeOptions={{ includeSearch: false }}>
      <Icon name={icon} />
      <span>{t(words)}</span>
      {badge !== undefined && (
        <span className={isUrgent ? 'n warn' : 'n'}>
          <span aria-hidden="true">{f.number(badge.count)}</span>
          <span className="sr">, {badge.words}</span>
        </span>
      )}
    </Link>
  );
}

export function Navigation({ status }: { readonly status: Status }) {
  const { t, f } = useWords();
  return (
    <nav className="nav" aria-label={t('nav.main')}>
      {WAYS.map((way) => (
        <WayLink key={way.to} way={way} status={status} />
      ))}
      <p className="foot">
        {t('nav.zone', { zone: f.zoneName })}
        <br />
        <kbd>?</kbd> {t('nav.shortcuts')}
      </p>
    </nav>
  );
}

export function BottomNavigation({ status }: { readonly status: Status }) {
  const { t } = useWords();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const isBelow = ({ to }: Way): boolean => ON_A_PHONE.includes(to);
  return (
    <nav className="bottom" aria-label={t('nav.phone')}>
      {WAYS.filter(isBelow).map((way) => (
        <WayLink key={way.to} way={way} status={status} />
      ))}
      <button type="button" popoverTarget={id}>
        <Icon name="more" />
        {t('nav.more')}
      </button>
      <div id={id} ref={list} popover="auto" className="menu above" onClick={() => list.current?.hidePopover()}>
        {WAYS.filter((way) => !isBelow(way)).map((way) => (
          <WayLink key={way.to} way={way} status={status} />
        ))}
      </div>
    </nav>
  );
}
