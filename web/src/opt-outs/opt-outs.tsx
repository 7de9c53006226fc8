import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { problemOf } from '../lib/api.ts';
import { phoneWords } from '../lib/phone-words.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Empty } from '../lib/ui/empty.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { Menu } from '../lib/ui/menu.tsx';
import { Pager } from '../lib/ui/pager.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { useShortcut } from '../lib/ui/shortcuts.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { AddDialog } from './add-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { LiftDialog } from './lift-dialog.tsx';
import { type OptOutsSearch, SCOPES } from './opt-outs-search.ts';
import { type OptOut, optOutsQuery, PAGE_SIZE } from './queries.ts';
import { sourceWords } from './source-words.ts';
import { TrailDialog } from './trail-dialog.tsx';

/** Who must not be written to, and how it is known. */
export function OptOuts() {
  const { t } = useWords();
  const search = useSearch({ from: '/shell/opt-outs' });
  const navigate = useNavigate({ from: '/opt-outs' });
  const may = useMay('write');
  const [adds, setAdds] = useState(false);
  const [imports, setImports] = useState(false);
  const [lifts, setLifts] = useState<OptOut>();
  const [shows, setShows] = useState<string>();
  const show = useCallback(
    (change: Partial<OptOutsSearch>) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...change }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => show({ phone: text.trim() === '' ? undefined : text.trim() }), [show]);
  const { data, error, isPending, refetch } = useQuery(optOutsQuery(search));
  useShortcut('n', t('optouts.add'), () => setAdds(true), may);
  // While one is still writing it is no number yet: that is no trouble.
  const isHalf = error !== null && problemOf(error).code === 'invalid_phone_number';
  const isEmpty = data !== undefined && data.counts.all + data.counts.marketing === 0 && search.phone === undefined;
  return (
    <Screen
      title={t('optouts.title')}
      sub={t('optouts.sub')}
      actions={
        <>
          <Button icon="up" off={may ? undefined : t('permission.operate')} onPress={() => setImports(true)}>
            {t('optouts.import')}
          </Button>
          <Menu label={t('optouts.export')} icon="dl">
            <a href="/api/v1/opt-outs/export.csv?separator=semicolon" download>
              {t('optouts.export-excel')}
            </a>
            <a href="/api/v1/opt-outs/export.csv" download>
              {t('optouts.export-csv')}
            </a>
          </Menu>
          <Button
            kind="primary"
            icon="plus"
            shortcut="N"
            off={may ? undefined : t('permission.operate')}
            onPress={() => setAdds(true)}
          >
            {t('optouts.add')}
          </Button>
        </>
      }
    >
      {error !== null && !isHalf && <ProblemNotice error={error} title={t('optouts.failed')} retry={refetch} />}
      {isPending && <Loading words={t('optouts.loading')} rows={8} />}
      {isEmpty && <Empty title={t('optouts.empty')}>{t('optouts.empty-words')}</Empty>}
      {!isPending && !isEmpty && (
        <>
          <div className="tools">
            <SearchBox value={search.phone ?? ''} label={t('optouts.search')} onSearch={onSearch} />
            {data !== undefined && <Chips scope={search.scope} counts={data.counts} onChoose={(scope) => show({ scope })} />}
          </div>
          {isHalf && <p role="status">{t('optouts.half-number')}</p>}
          {!isHalf && data?.data.length === 0 && (
            <p role="status">
              {search.phone === undefined ? t('optouts.none') : t('optouts.not-on-it', { phone: search.phone })}
            </p>
          )}
          {!isHalf && data !== undefined && data.data.length > 0 && (
            <>
              <Table entries={data.data} onLift={setLifts} onShow={setShows} />
              <Pager
                page={search.page ?? 1}
                size={PAGE_SIZE}
                total={data.total}
                onPage={(page) => show({ page: page === 1 ? undefined : page })}
              />
            </>
          )}
        </>
      )}
      {adds && <AddDialog {...(search.phone === undefined ? {} : { phone: search.phone })} onClose={() => setAdds(false)} />}
      {imports && <ImportDialog onClose={() => setImports(false)} />}
      {lifts !== undefined && <LiftDialog entry={lifts} onClose={() => setLifts(undefined)} />}
      {shows !== undefined && <TrailDialog phone={shows} onClose={() => setShows(undefined)} />}
    </Screen>
  );
}

function Chips({
  scope,
  counts,
  onChoose,
}: {
  readonly scope: OptOutsSearch['scope'];
  readonly counts: { readonly all: number; readonly marketing: number; readonly doubtful: number };
  readonly onChoose: (scope: OptOutsSearch['scope']) => void;
}) {
  const { t, f } = useWords();
  return (
    <div className="chips" role="group" aria-label={t('optouts.by-scope')}>
      <button type="button" className="chip" aria-pressed={scope === undefined} onClick={() => onChoose(undefined)}>
        {t('optouts.every')} {f.number(counts.all + counts.marketing)}
      </button>
      {SCOPES.map((one) => (
        <button key={one} type="button" className="chip" aria-pressed={scope === one} onClick={() => onChoose(one)}>
          {t(`optouts.chip-${one}`)} {f.number(counts[one])}
        </button>
      ))}
      {counts.doubtful > 0 && (
        <Link to="/replies" search={{ tab: 'doubtful' }} className="t13 warn">
          {t('optouts.doubtful', { count: counts.doubtful })}
        </Link>
      )}
    </div>
  );
}

function Table({
  entries,
  onLift,
  onShow,
}: {
  readonly entries: readonly OptOut[];
  readonly onLift: (entry: OptOut) => void;
  readonly onShow: (phone: string) => void;
}) {
  const words = useWords();
  const { t } = words;
  const may = useMay('send');
  return (
    <table className="fold optouts">
      <thead>
        <tr>
          <th scope="col">{t('optouts.phone')}</th>
          <th scope="col">{t('optouts.gets-no')}</th>
          <th scope="col">{t('optouts.how')}</th>
          <th scope="col">{t('optouts.where')}</th>
          <th scope="col" className="num">
            {t('optouts.since')}
          </th>
          <th scope="col">
            <span className="sr">{t('settings.action')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={`${entry.phone} ${entry.scope}`} className="link">
            <td className="nowrap">
              <button
                type="button"
                className="lk name"
                aria-label={t('optouts.proof-of', { phone: phoneWords(entry.phone) })}
                onClick={() => onShow(entry.phone)}
              >
                {phoneWords(entry.phone)}
              </button>
            </td>
            <td data-k={t('optouts.gets-no')}>{t(`optouts.scope-${entry.scope}`)}</td>
            <td data-k={t('optouts.how')}>
              <bdi>{sourceWords(entry, words)}</bdi>
            </td>
            <td className="q2" data-k={t('optouts.where')}>
              {entry.campaign_id === null ? (
                <span className="q">{fileOf(entry) ?? '—'}</span>
              ) : (
                <Link to="/campaigns/$id" params={{ id: entry.campaign_id }} search={{}}>
                  {entry.campaign_name ?? t('activity.campaign', { id: entry.campaign_id })}
                </Link>
              )}
            </td>
            <td className="num q" data-k={t('optouts.since')}>
              <When at={entry.since} />
            </td>
            <td className="num">
              {may && (
                <button
                  type="button"
                  className="lk"
                  aria-label={t('optouts.lift-of', { phone: phoneWords(entry.phone) })}
                  onClick={() => onLift(entry)}
                >
                  {t('optouts.lift')}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function fileOf({ detail }: OptOut): string | undefined {
  const file = detail['filename'] ?? detail['file'];
  return typeof file === 'string' ? file : undefined;
}
