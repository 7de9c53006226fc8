import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Schemas } from '../lib/api.ts';
import { StatusKeys } from '../lib/message/status-bar.tsx';
import { LinkButton } from '../lib/ui/link-button.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { Pager } from '../lib/ui/pager.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { useShortcut } from '../lib/ui/shortcuts.tsx';
import { SortHead } from '../lib/ui/sort-head.tsx';
import { useWords } from '../lib/words.ts';
import { CampaignRow } from './campaign-row.tsx';
import { type ListSearch, PAGE_SIZE, STATES, TABS } from './list-search.ts';
import { NoCampaigns } from './no-campaigns.tsx';
import { listQuery } from './queries.ts';

/** Does it go well, and when does it end? A dense table; running ones move. */
export function CampaignList() {
  const { t } = useWords();
  const search = useSearch({ from: '/shell/campaigns' });
  const navigate = useNavigate({ from: '/campaigns' });
  const toNew = useNavigate();
  const show = useCallback(
    (change: Partial<ListSearch>) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => show({ search: text === '' ? undefined : text }), [show]);
  const { data, error, isPending, refetch } = useQuery(listQuery(search));
  useShortcut('n', t('shortcut.new-campaign'), () => void toNew({ to: '/campaigns/new' }));
  const isFiltered = search.tab !== undefined || search.search !== undefined;
  const isEmpty = data?.total === 0 && !isFiltered;
  return (
    <Screen
      title={t('campaigns.title')}
      actions={
        !isEmpty && (
          <LinkButton to="/campaigns/new" kind="primary" icon="plus" shortcut="N">
            {t('new.title')}
          </LinkButton>
        )
      }
    >
      {error !== null && <ProblemNotice error={error} title={t('campaigns.failed')} retry={refetch} />}
      {isPending && <Loading words={t('campaigns.loading')} rows={8} />}
      {isEmpty && <NoCampaigns />}
      {data !== undefined && !isEmpty && (
        <>
          <Tabs tab={search.tab} counts={data.counts_by_status} onChoose={(tab) => show({ tab })} />
          <div className="tools">
            <SearchBox
              value={search.search ?? ''}
              label={t('campaigns.search')}
              hint={t('campaigns.search-hint')}
              onSearch={onSearch}
            />
            <span className="hide-s push">
              <StatusKeys />
            </span>
          </div>
          {data.data.length === 0 ? (
            <p>
              {t('campaigns.none-found')}{' '}
              <button type="button" className="lk" onClick={() => show({ tab: undefined, search: undefined })}>
                {t('campaigns.show-all')}
              </button>
            </p>
          ) : (
            <CampaignTable campaigns={data.data} sort={search.sort ?? '-created_at'} onSort={(sort) => show({ sort })} />
          )}
          <Pager
            page={search.page ?? 1}
            size={PAGE_SIZE}
            total={data.total}
            onPage={(page) => show({ page: page === 1 ? undefined : page })}
          />
        </>
      )}
    </Screen>
  );
}

interface TabsProps {
  readonly tab: ListSearch['tab'];
  readonly counts: Readonly<Record<Schemas['Campaign']['status'], number>>;
  readonly onChoose: (tab: ListSearch['tab']) => void;
}

function Tabs({ tab, counts, onChoose }: TabsProps) {
  const { t, f } = useWords();
  const countOf = (one: ListSearch['tab']): number =>
    Object.entries(counts)
      .filter(([status]) => one === undefined || STATES[one].split(',').includes(status))
      .reduce((sum, [, count]) => sum + count, 0);
  return (
    <div className="tabs" role="group" aria-label={t('campaigns.by-state')}>
      {[undefined, ...TABS].map((one) => (
        <button key={one ?? 'all'} type="button" aria-pressed={one === tab} onClick={() => onChoose(one)}>
          {t(`campaigns.tab-${one ?? 'all'}`)} <span className="n">{f.number(countOf(one))}</span>
        </button>
      ))}
    </div>
  );
}

interface TableProps {
  readonly campaigns: readonly Schemas['Campaign'][];
  readonly sort: string;
  readonly onSort: (sort: string) => void;
}

function CampaignTable({ campaigns, sort, onSort }: TableProps) {
  const { t } = useWords();
  const currency = campaigns[0]?.currency ?? 'USD';
  return (
    <table className="fold camps">
      <thead>
        <tr>
          <SortHead field="name" sort={sort} onSort={onSort}>
            {t('campaigns.head-campaign')}
          </SortHead>
          <SortHead field="status" sort={sort} onSort={onSort}>
            {t('campaigns.head-state')}
          </SortHead>
          <th scope="col" className="num">
            {t('campaigns.head-people')}
          </th>
          <th scope="col">{t('campaigns.head-progress')}</th>
          <SortHead field="started_at" sort={sort} onSort={onSort} num>
            {t('campaigns.head-pace')}
          </SortHead>
          <th scope="col" className="num">
            {t('campaigns.head-failed')}
          </th>
          <th scope="col" className="num">
            {t('campaigns.head-cost', { currency })}
          </th>
          <th scope="col">
            <span className="sr">{t('campaigns.head-action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((campaign) => (
          <CampaignRow key={campaign.id} campaign={campaign} />
        ))}
      </tbody>
    </table>
  );
}
