import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api } from '../lib/api.ts';
import { phoneWords } from '../lib/phone-words.ts';
import { useMay } from '../lib/session.ts';
import { Empty } from '../lib/ui/empty.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { Pager } from '../lib/ui/pager.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { Conversation } from './conversation.tsx';
import { Decide } from './decide.tsx';
import { doubtfulQuery, PAGE_SIZE, type Reply, repliesQuery } from './queries.ts';
import { type RepliesSearch, TABS } from './replies-search.ts';
import { Said, whoWords } from './said.tsx';

/** Is anybody asking to be left alone? What people wrote, and what only a person can decide. */
export function Replies() {
  const { t } = useWords();
  const search = useSearch({ from: '/shell/replies' });
  const navigate = useNavigate({ from: '/replies' });
  const queries = useQueryClient();
  const mayRead = useMay('write');
  const show = useCallback(
    (change: Partial<RepliesSearch>) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => show({ search: text === '' ? undefined : text }), [show]);
  const { data, error, isPending, refetch } = useQuery(repliesQuery(search));
  const doubtful = useQuery(doubtfulQuery);
  const isNarrowed = search.tab !== undefined || search.search !== undefined || search.campaign !== undefined;
  const open = (reply: Reply): void => {
    show({ reply: reply.id, page: search.page });
    if (reply.read_at !== null || !mayRead) return;
    void api
      .POST('/api/v1/replies/{id}/read', { params: { path: { id: reply.id } } })
      .then(() =>
        Promise.all([queries.invalidateQueries({ queryKey: ['replies'] }), queries.invalidateQueries({ queryKey: ['status'] })]),
      );
  };
  const all = [...(doubtful.data?.data ?? []), ...(data?.data ?? [])];
  const chosen = all.find(({ id }) => id === search.reply);
  const showsDoubtful = search.tab === 'doubtful' || !isNarrowed;
  const rest = data?.data.filter(({ doubtful: doubt }) => !(showsDoubtful && doubt !== null)) ?? [];
  if (data?.total === 0 && !isNarrowed)
    return (
      <Screen title={t('replies.title')}>
        <Empty title={t('replies.empty')}>{t('replies.empty-words')}</Empty>
      </Screen>
    );
  return (
    <Screen title={t('replies.title')} sub={t('replies.sub')}>
      {error !== null && <ProblemNotice error={error} title={t('replies.failed')} retry={refetch} />}
      {isPending && <Loading words={t('replies.loading')} rows={8} />}
      {data !== undefined && (
        <>
          <Tabs tab={search.tab} counts={data.counts} onChoose={(tab) => show({ tab })} />
          <div className="wizard talk">
            <div>
              {showsDoubtful && (doubtful.data?.data.length ?? 0) > 0 && (
                <section>
                  <div className="sec-head">
                    <h2>{t('replies.decide')}</h2>
                    <div className="right t12 q">{t('replies.decide-meanwhile')}</div>
                  </div>
                  {doubtful.data?.data.map((reply) => (
                    <Decide key={reply.id} reply={reply} isOpen={reply.id === search.reply} onOpen={() => open(reply)} />
                  ))}
                </section>
              )}
              {search.tab === 'doubtful' && doubtful.data?.data.length === 0 && (
                <p className="after-16">{t('replies.none-doubtful')}</p>
              )}
              {search.tab !== 'doubtful' && (
                <section>
                  <div className="tools">
                    <SearchBox value={search.search ?? ''} label={t('replies.search')} onSearch={onSearch} />
                    {search.campaign !== undefined && (
                      <button type="button" className="chip" aria-pressed="true" onClick={() => show({ campaign: undefined })}>
                        {rest[0]?.campaign_name ?? t('activity.campaign', { id: search.campaign })} <Icon name="x" />
                      </button>
                    )}
                  </div>
                  {rest.length === 0 ? (
                    <p>
                      {t('replies.none')}{' '}
                      {isNarrowed && (
                        <button
                          type="button"
                          className="lk"
                          onClick={() => show({ tab: undefined, search: undefined, campaign: undefined })}
                        >
                          {t('replies.show-all')}
                        </button>
                      )}
                    </p>
                  ) : (
                    <Table replies={rest} chosen={search.reply} onOpen={open} />
                  )}
                  <Pager
                    page={search.page ?? 1}
                    size={PAGE_SIZE}
                    total={data.total}
                    onPage={(page) => show({ page: page === 1 ? undefined : page })}
                  />
                </section>
              )}
            </div>
            {chosen !== undefined && <Conversation key={chosen.id} reply={chosen} onClose={() => show({ reply: undefined })} />}
          </div>
        </>
      )}
    </Screen>
  );
}

function Tabs({
  tab,
  counts,
  onChoose,
}: {
  readonly tab: RepliesSearch['tab'];
  readonly counts: { readonly unread: number; readonly doubtful: number };
  readonly onChoose: (tab: RepliesSearch['tab']) => void;
}) {
  const { t, f } = useWords();
  const countOf = (one: RepliesSearch['tab']): number | undefined =>
    one === 'doubtful' ? counts.doubtful : one === 'unread' ? counts.unread : undefined;
  return (
    <div className="tabs" role="group" aria-label={t('replies.kinds')}>
      {[undefined, ...TABS].map((one) => {
        const count = countOf(one);
        return (
          <button key={one ?? 'all'} type="button" aria-pressed={one === tab} onClick={() => onChoose(one)}>
            {t(`replies.tab-${one ?? 'all'}`)} {count !== undefined && <span className="n">{f.number(count)}</span>}
          </button>
        );
      })}
    </div>
  );
}

function Table({
  replies,
  chosen,
  onOpen,
}: {
  readonly replies: readonly Reply[];
  readonly chosen: string | undefined;
  readonly onOpen: (reply: Reply) => void;
}) {
  const words = useWords();
  const { t } = words;
  return (
    <table className="fold replies">
      <thead>
        <tr>
          <th scope="col">{t('replies.who')}</th>
          <th scope="col">{t('replies.what')}</th>
          <th scope="col">{t('replies.state')}</th>
          <th scope="col" className="num">
            {t('replies.when')}
          </th>
        </tr>
      </thead>
      <tbody>
        {replies.map((reply) => (
          <tr key={reply.id} className={reply.id === chosen ? 'link chosen' : 'link'}>
            <td>
              <button
                type="button"
                className={reply.read_at === null ? 'lk name unread' : 'lk name'}
                aria-pressed={reply.id === chosen}
                onClick={() => onOpen(reply)}
              >
                <bdi>{whoWords(reply, words)}</bdi>
              </button>
              {reply.name !== null && reply.phone !== null && <div className="t12 q">{phoneWords(reply.phone)}</div>}
            </td>
            <td>
              <div className={reply.read_at === null ? 'two unread' : 'two'}>
                <Said reply={reply} />
              </div>
              {reply.campaign_id !== null && (
                <div className="t12 q">
                  <Link to="/campaigns/$id" params={{ id: reply.campaign_id }} search={{}}>
                    {reply.campaign_name ?? t('activity.campaign', { id: reply.campaign_id })}
                  </Link>
                </div>
              )}
            </td>
            <td className="nowrap">
              <State reply={reply} />
            </td>
            <td className="num q" data-k={t('replies.when')}>
              <When at={reply.sent_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ reply }: { readonly reply: Reply }) {
  const { t } = useWords();
  if (reply.doubtful !== null)
    return (
      <span className="st ask">
        <Icon name="ask" /> {t('replies.state-doubtful')}
      </span>
    );
  if (reply.asked_to_stop)
    return (
      <span className="st">
        <Icon name="skip" /> {t('replies.state-out')}
      </span>
    );
  if (reply.read_at === null)
    return (
      <span className="st">
        <Icon name="bubble" /> {t('replies.state-unread')}
      </span>
    );
  return <span className="q">{t('replies.state-read')}</span>;
}
