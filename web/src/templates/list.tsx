import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api, ask, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Empty } from '../lib/ui/empty.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { useWords } from '../lib/words.ts';
import { TemplatePreview } from './preview.tsx';
import { templatesQuery } from './queries.ts';
import { TemplateRow } from './template-row.tsx';
import { TABS, type Tab, type TemplatesSearch } from './templates-search.ts';

type Template = Schemas['Template'];

/** What can be sent, what cannot and why, and how it looks. Meta writes and approves them; here they are read. */
export function TemplateList() {
  const { t, f } = useWords();
  const search = useSearch({ from: '/shell/templates' });
  const navigate = useNavigate({ from: '/templates' });
  const queries = useQueryClient();
  const mayWrite = useMay('write');
  const { data, error, isPending, refetch } = useQuery(templatesQuery);
  const sync = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/templates/sync')),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['templates'] }),
  });
  const show = useCallback(
    (change: Partial<TemplatesSearch>) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => show({ search: text === '' ? undefined : text }), [show]);
  const all = data?.data ?? [];
  const shown = all.filter(
    (one) =>
      isIn(search.tab, one) &&
      isFound(search.search, one) &&
      (search.category === undefined || one.category === search.category) &&
      (search.in === undefined || one.language === search.in),
  );
  const chosen = shown.find(({ name, language }) => name === search.name && language === search.language) ?? shown[0];
  const synced = all.map(({ synced_at }) => synced_at).sort()[0];
  const syncButton = mayWrite && (
    <Button icon="retry" onPress={() => sync.mutateAsync().catch(() => undefined)}>
      {t('templates.sync')}
    </Button>
  );
  return (
    <Screen
      title={t('templates.title')}
      sub={`${t('templates.sub')}${synced === undefined ? '' : ` ${t('templates.synced', { when: f.moment(synced) })}`}`}
      actions={syncButton}
    >
      {error !== null && <ProblemNotice error={error} title={t('templates.failed')} retry={refetch} />}
      {sync.error !== null && <ProblemNotice error={sync.error} title={t('templates.sync-failed')} />}
      <p className="sr" role="status">
        {sync.data !== undefined && t('templates.sync-done', { count: sync.data.templates })}
      </p>
      {isPending && <Loading words={t('templates.loading')} rows={8} />}
      {data !== undefined && all.length === 0 && <Empty title={t('templates.empty')}>{t('templates.empty-words')}</Empty>}
      {all.length > 0 && (
        <div className="wizard">
          <div>
            <div className="tabs" role="group" aria-label={t('templates.by-state')}>
              {[undefined, ...TABS].map((one) => (
                <button key={one ?? 'all'} type="button" aria-pressed={one === search.tab} onClick={() => show({ tab: one })}>
                  {t(`templates.tab-${one ?? 'all'}`)}{' '}
                  <span className="n">{f.number(all.filter((template) => isIn(one, template)).length)}</span>
                </button>
              ))}
            </div>
            <div className="tools">
              <SearchBox
                value={search.search ?? ''}
                label={t('templates.search')}
                hint={t('templates.search-hint')}
                onSearch={onSearch}
              />
              <Choice
                label={t('templates.by-category')}
                all={t('templates.every-category')}
                value={search.category}
                choices={all.map(({ category }) => [category, t(`templates.category-${category}`)])}
                onChoose={(category) => show({ category })}
              />
              <Choice
                label={t('templates.by-language')}
                all={t('templates.every-language')}
                value={search.in}
                choices={all.map(({ language }) => [language, f.languageName(language)])}
                onChoose={(language) => show({ in: language })}
              />
            </div>
            {shown.length === 0 ? (
              <p>
                {t('templates.none-found')}{' '}
                <button
                  type="button"
                  className="lk"
                  onClick={() => show({ tab: undefined, search: undefined, category: undefined, in: undefined })}
                >
                  {t('templates.show-all')}
                </button>
              </p>
            ) : (
              <table className="fold templates">
                <thead>
                  <tr>
                    <th scope="col">{t('templates.head-template')}</th>
                    <th scope="col">{t('templates.head-state')}</th>
                    <th scope="col">{t('templates.head-quality')}</th>
                    <th scope="col">{t('templates.head-category')}</th>
                    <th scope="col" className="num">
                      {t('templates.head-variables')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((template) => (
                    <TemplateRow
                      key={`${template.name} ${template.language}`}
                      template={template}
                      isChosen={template === chosen}
                      onChoose={() => show({ name: template.name, language: template.language })}
                    />
                  ))}
                </tbody>
              </table>
            )}
          </div>
          {chosen !== undefined && <TemplatePreview template={chosen} />}
        </div>
      )}
    </Screen>
  );
}

/** One of what there is; nothing to choose where all are alike. */
function Choice({
  label,
  all,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly all: string;
  readonly value: string | undefined;
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly onChoose: (value: string | undefined) => void;
}) {
  const different = [...new Map(choices)].toSorted(([, one], [, other]) => one.localeCompare(other));
  if (different.length < 2) return null;
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChoose(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">{all}</option>
      {different.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  );
}

function isIn(tab: Tab | undefined, { usable, quality }: Template): boolean {
  if (tab === undefined) return true;
  return tab === 'approved' ? usable : !usable || quality === 'RED' || quality === 'YELLOW';
}

/** In its name or in what it says. */
function isFound(search: string | undefined, { name, components }: Template): boolean {
  const words = search?.trim().toLowerCase() ?? '';
  return words === '' || name.toLowerCase().includes(words) || JSON.stringify(components).toLowerCase().includes(words);
}
