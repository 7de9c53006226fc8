import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef } from 'react';
import type { Schemas } from '../../lib/api.ts';
import { type MessageStatus, SIGNS } from '../../lib/message/status.ts';
import { phoneWords } from '../../lib/phone-words.ts';
import { Icon } from '../../lib/ui/icon.tsx';
import { Loading } from '../../lib/ui/loading.tsx';
import { ProblemNotice } from '../../lib/ui/problem-notice.tsx';
import { SearchBox } from '../../lib/ui/search-box.tsx';
import { useWords } from '../../lib/words.ts';
import type { OneSearch } from '../one-search.ts';
import { latest, nameOf, type Person, whyWords } from './person.ts';
import { peopleQuery } from './queries.ts';

const CHIPS: readonly MessageStatus[] = ['read', 'delivered', 'sent', 'accepted', 'failed', 'unknown', 'skipped', 'pending'];
const ROW_PX = 41;
/** As many are looked at anew while the campaign moves; further down the list stands still until one comes back. */
const FRESH_PAGES = 2;
const FRESH_MS = 5_000;
/** As many fill the window. */
const ENOUGH = 20;

/** Who was written to, and what became of each: endless, without pages. */
export function People({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f } = useWords();
  const search = useSearch({ from: '/shell/campaigns/$id' });
  const navigate = useNavigate({ from: '/campaigns/$id' });
  const show = useCallback(
    (next: OneSearch) => void navigate({ search: next, hash: 'people', replace: true, resetScroll: false }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => show(text === '' ? {} : { find: text }), [show]);
  if (stats.total_recipients === 0) return null;
  if (campaign.archived_at !== null)
    return (
      <section className="sec" id="people">
        <h2>{t('people.title')}</h2>
        <p className="q2">{t('people.erased', { when: f.moment(campaign.archived_at) })}</p>
      </section>
    );
  return (
    <section className="sec" id="people">
      <div className="sec-head">
        <h2>{t('people.title')}</h2>
        <span className="q t13">{f.number(stats.total_recipients)}</span>
        <div className="right">
          <a href={`/api/v1/campaigns/${String(campaign.id)}/export.csv?separator=semicolon`} download>
            <Icon name="dl" /> {t('people.export')}
          </a>
        </div>
      </div>
      <div className="tools">
        <SearchBox value={search.find ?? ''} label={t('people.search')} hint={t('people.search-hint')} onSearch={onSearch} />
        <Chips search={search} stats={stats} onChoose={show} />
      </div>
      <List campaign={campaign} search={search} isMoving={stats.open_outcomes > 0 || stats.status === 'running'} />
    </section>
  );
}

function Chips({
  search,
  stats,
  onChoose,
}: {
  readonly search: OneSearch;
  readonly stats: Schemas['CampaignStats'];
  readonly onChoose: (search: OneSearch) => void;
}) {
  const { t, f } = useWords();
  const isAll = search.status === undefined && search.error_code === undefined && search.find === undefined;
  const shown = CHIPS.filter((status) => stats.by_status[status] > 0 || search.status === status);
  return (
    <div className="chips" role="group" aria-label={t('people.filter')}>
      <button type="button" className="chip" aria-pressed={isAll} onClick={() => onChoose({})}>
        {t('people.all')} {f.number(stats.total_recipients)}
      </button>
      {shown.map((status) => (
        <button
          key={status}
          type="button"
          className="chip"
          aria-pressed={search.status === status}
          onClick={() => onChoose({ status })}
        >
          {t(`messages.${status}`)} {f.number(stats.by_status[status])}
        </button>
      ))}
      {search.error_code !== undefined && (
        <button type="button" className="chip" aria-pressed="true" onClick={() => onChoose({})}>
          {t('people.with-code', { code: search.error_code })} <Icon name="x" />
        </button>
      )}
    </div>
  );
}

function List({
  campaign,
  search,
  isMoving,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly search: OneSearch;
  readonly isMoving: boolean;
}) {
  const { t, f } = useWords();
  const query = useInfiniteQuery({
    ...peopleQuery(campaign.id, search),
    refetchInterval: ({ state }) => (isMoving && (state.data?.pages.length ?? 0) <= FRESH_PAGES ? FRESH_MS : false),
  });
  const people = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const total = query.data?.pages[0]?.total ?? null;
  const isLooking = query.hasNextPage && people.length < ENOUGH;
  const { fetchNextPage, isFetching } = query;
  // A search looks through so many at a time: it goes on by itself until it has found enough to fill the window.
  useEffect(() => {
    if (isLooking && !isFetching) void fetchNextPage();
  }, [isLooking, isFetching, fetchNextPage]);
  if (query.isPending) return <Loading words={t('people.loading')} rows={8} />;
  return (
    <>
      {query.error !== null && <ProblemNotice error={query.error} title={t('people.failed')} retry={query.refetch} />}
      {people.length === 0 && query.error === null && (
        <p className="after-16" role="status">
          {t(isLooking ? 'people.looking' : 'people.none')}
        </p>
      )}
      {people.length > 0 && (
        <Rows
          campaignId={campaign.id}
          people={people}
          onEnd={() => {
            if (query.hasNextPage && !query.isFetching) void query.fetchNextPage();
          }}
        />
      )}
      <p className="t12 q after" role="status">
        {query.isFetchingNextPage
          ? t('people.more')
          : people.length > 0 &&
            t(query.hasNextPage ? 'people.shown' : 'people.all-shown', {
              shown: f.number(people.length),
              total: total === null ? '…' : f.number(total),
            })}
      </p>
    </>
  );
}

/** Only what is on the screen is drawn, however many there are. */
function Rows({
  campaignId,
  people,
  onEnd,
}: {
  readonly campaignId: number;
  readonly people: readonly Person[];
  readonly onEnd: () => void;
}) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: people.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= people.length - 20) onEnd();
  }, [last, people.length, onEnd]);
  return (
    <div className="people" ref={box} tabIndex={0} role="region" aria-label={t('people.title')}>
      <table className="tight" aria-rowcount={people.length + 1}>
        <thead>
          <tr>
            <th scope="col">{t('people.phone')}</th>
            <th scope="col">{t('people.name')}</th>
            <th scope="col" className="num hide-s">
              {t('people.row')}
            </th>
            <th scope="col">{t('people.state')}</th>
            <th scope="col" className="hide-s">
              {t('people.last')}
            </th>
          </tr>
        </thead>
        <tbody>
          <Space px={items[0]?.start ?? 0} />
          {items.map(({ index }) => {
            const person = people[index];
            return person === undefined ? null : (
              <PersonRow key={person.id} campaignId={campaignId} person={person} index={index} />
            );
          })}
          <Space px={spaceBelow(rows)} />
        </tbody>
      </table>
    </div>
  );
}

function spaceBelow(rows: Virtualizer<HTMLDivElement, Element>): number {
  return rows.getTotalSize() - (rows.getVirtualItems().at(-1)?.end ?? 0);
}

function Space({ px }: { readonly px: number }) {
  return px <= 0 ? null : (
    <tr aria-hidden="true">
      <td colSpan={5} className="space" style={{ height: `${String(px)}px` }} />
    </tr>
  );
}

function PersonRow({
  campaignId,
  person,
  index,
}: {
  readonly campaignId: number;
  readonly person: Person;
  readonly index: number;
}) {
  const { t, f } = useWords();
  const last = latest(person);
  const why = whyWords(person, t);
  return (
    <tr className="link" aria-rowindex={index + 2}>
      <td className="nowrap">
        <Link to="/campaigns/$id/people/$recipientId" params={{ id: campaignId, recipientId: person.id }} className="name">
          {phoneWords(person.phone)}
        </Link>
      </td>
      <td className="clip">
        <bdi>{nameOf(person)}</bdi>
      </td>
      <td className="num q hide-s">{f.number(person.row)}</td>
      <td>
        <span className={`st ${person.status}`}>
          <Icon name={SIGNS[person.status]} />
          {t(`message.${person.status}`)}
        </span>
      </td>
      <td className="hide-s clip q2">
        {why}
        {why !== '' && last !== undefined && ' · '}
        {last !== undefined && f.moment(last.at)}
        {person.status === 'pending' &&
          person.next_attempt_at !== null &&
          t('people.again-at', { when: f.moment(person.next_attempt_at) })}
      </td>
    </tr>
  );
}
