import { Link, useSearch } from '@tanstack/react-router';
import { useMay, useMe } from '../lib/session.ts';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { useWords } from '../lib/words.ts';
import { Keys } from './keys.tsx';
import { MyAccess } from './my-access.tsx';
import { People } from './people.tsx';
import { type SettingsTab, TABS } from './tabs.ts';

/** Who may do what: people, the keys of machines, and one's own way in. */
export function Settings() {
  const { t } = useWords();
  const me = useMe();
  const isAdmin = useMay('admin');
  const { tab } = useSearch({ from: '/shell/settings' });
  // Somebody who may not manage the others begins with what is their own.
  const shown: SettingsTab = tab ?? (isAdmin || me?.kind !== 'person' ? 'people' : 'me');
  return (
    <Screen title={t('settings.title')} tab={`${t(`settings.tab-${shown}`)} · ${t('settings.title')}`}>
      <nav className="tabs" aria-label={t('settings.parts')}>
        {TABS.map((one) => (
          <Link key={one} to="/settings" search={{ tab: one }} aria-current={one === shown ? 'page' : undefined}>
            {t(`settings.tab-${one}`)}
          </Link>
        ))}
      </nav>
      <div className="sec">
        {shown === 'me' && <MyAccess />}
        {shown !== 'me' && !isAdmin && <NoPermission needs="admin" />}
        {shown === 'people' && isAdmin && <People />}
        {shown === 'keys' && isAdmin && <Keys />}
      </div>
    </Screen>
  );
}
