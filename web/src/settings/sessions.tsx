import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ask, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { sessionsQuery } from './queries.ts';

type Session = Schemas['Session'];

/** Where one is logged in; each can be ended from here. */
export function Sessions() {
  const { t } = useWords();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const end = useMutation({
    mutationFn: (id: number) => ask(api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } })),
    onSettled: refresh,
  });
  const endOthers = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/auth/sessions/end-others')),
    onSettled: refresh,
  });
  const problem = error ?? end.error ?? endOthers.error;
  return (
    <section>
      <div className="sec-head">
        <h2>{t('me.sessions')}</h2>
        {(data?.data.length ?? 0) > 1 && (
          <div className="right">
            <Button size="small" onPress={() => endOthers.mutateAsync().catch(() => undefined)}>
              {t('me.end-others')}
            </Button>
          </div>
        )}
      </div>
      {problem !== null && <ProblemNotice error={problem} retry={refetch} />}
      {data !== undefined && (
        <table className="fold">
          <thead>
            <tr>
              <th scope="col">{t('me.browser')}</th>
              <th scope="col">{t('me.address')}</th>
              <th scope="col" className="num">
                {t('me.opened')}
              </th>
              <th scope="col">
                <span className="sr">{t('settings.action')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.data.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => end.mutate(session.id)} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function SessionRow({ session, onEnd }: { readonly session: Session; readonly onEnd: () => void }) {
  const { t } = useWords();
  const browser = browserOf(session.agent) ?? t('me.browser-unknown');
  return (
    <tr>
      <td>
        <b className="name">{browser}</b> {session.current && <span className="t12 q">{t('me.this-one')}</span>}
      </td>
      <td className="q2" data-k={t('me.address')}>
        {session.address ?? '—'}
      </td>
      <td className="num q" data-k={t('me.opened')}>
        <When at={session.created_at} />
      </td>
      <td className="num">
        {!session.current && (
          <Button size="small" kind="ghost" aria-label={t('me.end-of', { browser })} onPress={onEnd}>
            {t('me.end')}
          </Button>
        )}
      </td>
    </tr>
  );
}

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS', 'Mac'],
  ['Linux', 'Linux'],
] as const;

/** "Chrome · Windows", as far as the browser says; the more telling signs come first. */
function browserOf(agent: string | null): string | undefined {
  if (agent === null) return undefined;
  const names = [BROWSERS, SYSTEMS].map((list) => list.find(([sign]) => agent.includes(sign))?.[1]);
  const known = names.filter((name) => name !== undefined);
  return known.length === 0 ? agent.slice(0, 60) : known.join(' · ');
}
