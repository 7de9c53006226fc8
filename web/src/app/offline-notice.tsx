import { liveState } from '../lib/live.ts';
import { useStore } from '../lib/store.ts';
import { Notice } from '../lib/ui/notice.tsx';
import { useWords } from '../lib/words.ts';

/** The figures stand still and say so; the sending goes on without this page. */
export function OfflineNotice() {
  const { t, f } = useWords();
  const { now, since } = useStore(liveState);
  if (now !== 'offline' || since === undefined) return null;
  return (
    <div className="sec-note">
      <Notice tone="warn" icon="wifi" title={t('offline.title', { time: f.seconds(since) })}>
        {t('offline.words')}
      </Notice>
    </div>
  );
}
