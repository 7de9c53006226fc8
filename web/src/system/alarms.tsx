import { useQuery } from '@tanstack/react-query';
import { Icon } from '../lib/ui/icon.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { alarmTitle } from './alarm-title.ts';
import { alarmsQuery } from './queries.ts';

/** What was wrong, also last night: from when until when, and what was to be done. */
export function Alarms() {
  const { t, f } = useWords();
  const { data, error, refetch } = useQuery(alarmsQuery);
  return (
    <section className="sec">
      <div className="sec-head">
        <h2>{t('system.alarms')}</h2>
        <div className="right t12 q">{t('system.alarms-kept')}</div>
      </div>
      {error !== null && <ProblemNotice error={error} title={t('system.alarms-failed')} retry={refetch} />}
      {data?.data.length === 0 && <p className="q2 after-16">{t('system.alarms-none')}</p>}
      {data !== undefined && data.data.length > 0 && (
        <table className="fold">
          <thead>
            <tr>
              <th scope="col">{t('system.alarm-when')}</th>
              <th scope="col">{t('system.alarm-what')}</th>
              <th scope="col">{t('system.alarm-state')}</th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((alarm) => (
              <tr key={alarm.id}>
                <td className="q nowrap" data-k={t('system.alarm-when')}>
                  <When at={alarm.began_at} />
                </td>
                <td>
                  <b>{alarmTitle(alarm.code, t)}</b>
                  <div className="q2">{alarm.message}</div>
                </td>
                <td className="nowrap" data-k={t('system.alarm-state')}>
                  {alarm.ended_at === null ? (
                    <span className="st ask">
                      <Icon name="alert" /> {t('system.alarm-open')}
                    </span>
                  ) : (
                    <span className="st done">
                      <Icon name="took" />
                      {t('system.alarm-over', {
                        lasted: f.duration((Date.parse(alarm.ended_at) - Date.parse(alarm.began_at)) / 1000),
                      })}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
