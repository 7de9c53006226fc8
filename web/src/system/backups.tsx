import type { Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { buttonClass } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { Facts, Part } from './part.tsx';

const HOUR_MS = 3_600_000;
/** One that is so many times older than it should be was not made. */
const LATE = 2;

export function Backups({ status }: { readonly status: Schemas['Status'] }) {
  const { t, f } = useWords();
  const may = useMay('admin');
  const { backups } = status;
  if (backups === null)
    return (
      <Part title={t('system.backups')} good={undefined} state={t('system.backups-elsewhere')}>
        <p className="q2 after">{t('system.backups-elsewhere-words')}</p>
      </Part>
    );
  const { every_hours: every, keep, last_at: last, last_bytes: bytes } = backups;
  const isLate = every !== null && last !== null && Date.now() - Date.parse(last) > LATE * every * HOUR_MS;
  const state =
    every === null
      ? 'system.backups-off'
      : last === null
        ? 'system.backups-first'
        : isLate
          ? 'system.backups-late'
          : 'system.backups-good';
  return (
    <Part title={t('system.backups')} good={every === null || isLate ? false : last === null ? undefined : true} state={t(state)}>
      <Facts
        facts={[
          [
            t('system.backup-last'),
            last === null ? (
              '—'
            ) : (
              <span key="last">
                <When at={last} /> {bytes !== null && <>· {f.bytes(bytes)}</>}
              </span>
            ),
          ],
          [t('system.backup-every'), every === null ? t('system.backup-never') : t('time.hours', { count: f.number(every) })],
          [t('system.backup-keep'), f.number(keep)],
        ]}
      />
      <div className="row after-16">
        {may ? (
          <a className={buttonClass({ size: 'small' })} href="/api/v1/backup" download>
            <Icon name="dl" /> {t('system.backup-now')}
          </a>
        ) : (
          <NoPermission needs="admin" />
        )}
      </div>
      {may && <p className="t12 q after">{t('system.backup-words')}</p>}
    </Part>
  );
}
