import { Link } from '@tanstack/react-router';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

/** The ways, in their order. */
const WAYS = [
  { to: '/campaigns', icon: 'bars', words: 'nav.campaigns' },
  { to: '/templates', icon: 'bubble', words: 'nav.templates' },
  { to: '/activity', icon: 'clock', words: 'nav.activity' },
  { to: '/settings', icon: 'gear', words: 'nav.settings' },
] as const;

/** In the bar of a phone, which has room for five. */
const ON_A_PHONE: readonly string[] = ['/campaigns', '/templates', '/activity', '/settings'];

export function Navigation() {
  const { t, f } = useWords();
  return (
    <nav className="nav" aria-label={t('nav.main')}>
      {WAYS.map(({ to, icon, words }) => (
        <Link key={words} to={to} activeOptions={{ includeSearch: false }}>
          <Icon name={icon} />
          {t(words)}
        </Link>
      ))}
      <p className="foot">
        {t('nav.zone', { zone: f.zoneName })}
        <br />
        <kbd>?</kbd> {t('nav.shortcuts')}
      </p>
    </nav>
  );
}

export function BottomNavigation() {
  const { t } = useWords();
  return (
    <nav className="bottom" aria-label={t('nav.phone')}>
      {WAYS.filter(({ to }) => ON_A_PHONE.includes(to)).map(({ to, icon, words }) => (
        <Link key={words} to={to} activeOptions={{ includeSearch: false }}>
          <Icon name={icon} />
          {t(words)}
        </Link>
      ))}
    </nav>
  );
}
