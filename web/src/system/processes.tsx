import type { Schemas } from '../lib/api.ts';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { Facts, Part } from './part.tsx';

const ROLES: readonly string[] = ['all', 'api', 'worker'];
/** Below this a backup or a large file may not fit any more. */
const LITTLE_BYTES = 2e9;

export function Processes({ status }: { readonly status: Schemas['Status'] }) {
  const { t, f } = useWords();
  const { processes, disk } = status;
  const sends = processes.some(({ role }) => role !== 'api');
  const isTight = disk !== null && disk.free_bytes < LITTLE_BYTES;
  return (
    <Part
      title={t('system.processes')}
      good={sends && !isTight}
      state={sends ? t('system.alive', { count: processes.length }) : t('system.nobody-sends')}
    >
      <table className="tight">
        <thead>
          <tr>
            <th scope="col">{t('system.process')}</th>
            <th scope="col">{t('system.host')}</th>
            <th scope="col" className="num">
              {t('system.since')}
            </th>
            <th scope="col" className="num">
              {t('system.seen')}
            </th>
          </tr>
        </thead>
        <tbody>
          {processes.map((one) => (
            <tr key={one.id}>
              <td>{ROLES.includes(one.role) ? t(`system.role-${one.role}`) : one.role}</td>
              <td className="mono">
                {one.host} · {one.pid}
              </td>
              <td className="num">
                <When at={one.started_at} />
              </td>
              <td className="num">
                <When at={one.seen_at} seconds />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Facts
        facts={[
          [
            t('system.disk'),
            disk === null ? (
              '—'
            ) : (
              <span key="disk" className={isTight ? 'bad' : undefined}>
                {t('system.disk-free', { bytes: f.bytes(disk.free_bytes) })}
              </span>
            ),
          ],
          [t('system.version'), status.version],
        ]}
      />
      {isTight && <p className="t12 bad after">{t('system.disk-tight')}</p>}
    </Part>
  );
}
