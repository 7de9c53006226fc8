import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../lib/live.ts';
import { sessionExpired } from '../lib/session-expired.ts';
import { statusQuery } from '../lib/status.ts';
import { useStore } from '../lib/store.ts';
import { listenToShortcuts, useShortcut } from '../lib/ui/shortcuts.tsx';
import { useWords } from '../lib/words.ts';
import { BottomNavigation, Navigation } from './navigation.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { SandboxStripe } from './sandbox-stripe.tsx';
import { SessionDialog } from './session-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { StopDialog, StoppedNotice } from './stop-everything.tsx';
import { TopBar } from './top-bar.tsx';

const STATUS_MS = 5_000;

/** What is around every screen: the number and its state above, the ways beside, and what must be in reach everywhere. */
export function Shell() {
  const { t } = useWords();
  const main = useRef<HTMLElement>(null);
  const isExpired = useStore(sessionExpired);
  const [open, setOpen] = useState<'shortcuts' | 'stop' | undefined>();
  const { data: status } = useQuery({ ...statusQuery, refetchInterval: STATUS_MS });
  const navigate = useNavigate();
  useLive();
  useEffect(listenToShortcuts, []);
  useFocusOfScreen(main);
  useShortcut('?', t('shortcut.help'), () => setOpen('shortcuts'));
  useShortcut('Shift+Escape', t('shortcut.stop'), () => setOpen('stop'), status?.stopped_at === null);
  useShortcut('g', t('shortcut.campaigns'), () => void navigate({ to: '/campaigns', search: {} }));
  return (
    <>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('shell.skip')}
      </a>
      <TopBar status={status} onStop={() => setOpen('stop')} />
      <SandboxStripe status={status} />
      <StoppedNotice status={status} />
      <div className="app">
        <Navigation status={status} />
        <main id="main" tabIndex={-1} ref={main}>
          <OfflineNotice />
          <Outlet />
        </main>
      </div>
      <BottomNavigation status={status} />
      {open === 'shortcuts' && <ShortcutsDialog onClose={() => setOpen(undefined)} />}
      {open === 'stop' && <StopDialog onClose={() => setOpen(undefined)} />}
      {isExpired && <SessionDialog />}
    </>
  );
}

/** After going to another screen the focus stands at its beginning, as after loading a page; the first screen leaves it alone. */
function useFocusOfScreen(main: React.RefObject<HTMLElement | null>): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path, main]);
}
