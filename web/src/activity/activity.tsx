import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api, ask, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords, type Words } from '../lib/words.ts';

type Entry = Schemas['AuditEntry'];

/** Who did what, newest first. It cannot be deleted. */
export function Activity() {
  const { t } = useWords();
  const { actor } = useSearch({ from: '/shell/activity' });
  const navigate = useNavigate({ from: '/activity' });
  const onSearch = useCallback(
    (text: string) => void navigate({ search: text === '' ? {} : { actor: text }, replace: true }),
    [navigate],
  );
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['activity', actor],
    queryFn: ({ signal, pageParam }) =>
      ask(
        api.GET('/api/v1/audit', {
          signal,
          params: {
            query: {
              limit: 50,
              ...(actor === undefined ? {} : { actor }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next_cursor: next }) => (next === null ? undefined : Number(next)),
  });
  const entries = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Screen title={t('activity.title')} sub={t('activity.sub')}>
      <div className="tools">
        <SearchBox value={actor ?? ''} label={t('activity.search')} onSearch={onSearch} />
      </div>
      {error !== null && <ProblemNotice error={error} title={t('activity.failed')} retry={refetch} />}
      {isPending && <Loading words={t('activity.loading')} />}
      {data !== undefined && entries.length === 0 && <p>{t('activity.none')}</p>}
      {entries.length > 0 && (
        <table className="fold activity">
          <thead>
            <tr>
              <th scope="col">{t('activity.when')}</th>
              <th scope="col">{t('activity.who')}</th>
              <th scope="col">{t('activity.what')}</th>
              <th scope="col">{t('activity.detail')}</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <EntryRow key={entry.id} entry={entry} />
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && (
        <div className="pager">
          <Button size="small" onPress={fetchNextPage}>
            {t('activity.older')}
          </Button>
        </div>
      )}
    </Screen>
  );
}

function EntryRow({ entry }: { readonly entry: Entry }) {
  const words = useWords();
  const { t } = words;
  return (
    <tr>
      <td className="q nowrap">
        <When at={entry.at} />
      </td>
      <td className={entry.actor.kind === 'system' ? 'q2' : undefined}>
        {entry.actor.kind === 'system' ? t('activity.system') : entry.actor.name}
      </td>
      <td>
        <b className="name">{actionWords(entry, words)}</b>
      </td>
      <td className="q2">
        {entry.campaign_id !== null && (
          <Link to="/campaigns/$id" params={{ id: entry.campaign_id }} search={{}}>
            {entry.campaign_name ?? t('activity.campaign', { id: entry.campaign_id })}
          </Link>
        )}{' '}
        {detailWords(entry, words)}
      </td>
    </tr>
  );
}

/** An act this page has no words for yet is named as the server names it. */
function actionWords({ action }: Entry, { t }: Words): string {
  const id = `act.${action}`;
  const text = t(id);
  return text === id ? action : text;
}

/** The facts that say most, in the server's own names where they have no better one. */
function detailWords({ campaign_name: campaign, detail }: Entry, { t }: Words): string {
  const { name, role } = detail;
  const parts = [
    typeof name === 'string' && name !== campaign ? name : undefined,
    role === 'viewer' || role === 'operator' || role === 'admin' ? t(`role.${role}`) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}
