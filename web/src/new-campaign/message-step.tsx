import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, problemOf } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { SearchBox } from '../lib/ui/search-box.tsx';
import { useWords } from '../lib/words.ts';
import { type Draft, type Template, useTyped } from './draft.ts';
import { templatesQuery } from './queries.ts';
import { templateText } from './template-text.ts';
import { variableName } from './variable-name.ts';

const FILTERS = ['usable', 'MARKETING', 'UTILITY', 'AUTHENTICATION', 'all'] as const;
type Filter = (typeof FILTERS)[number];

/** The name, and which template: what is said to everybody. */
export function MessageStep({ draft }: { readonly draft: Draft }) {
  const { t } = useWords();
  const name = useTyped(draft.campaign.name, (text) => {
    if (text.trim() !== '') void draft.save({ name: text.trim() });
  });
  return (
    <>
      <section>
        <label className="label" htmlFor="campaign-name">
          {t('new.name')}
        </label>
        <p className="hint">{t('new.name-hint')}</p>
        <input id="campaign-name" className="wide-field" type="text" maxLength={200} {...name} />
      </section>
      <TemplatePick draft={draft} />
      {draft.template !== undefined && draft.template.variables.length > 0 && <Variables template={draft.template} />}
    </>
  );
}

function TemplatePick({ draft }: { readonly draft: Draft }) {
  const { t, f } = useWords();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('usable');
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(templatesQuery);
  const [syncProblem, setSyncProblem] = useState<unknown>(null);
  const sync = async (): Promise<void> => {
    setSyncProblem(null);
    try {
      await ask(api.POST('/api/v1/templates/sync'));
      await client.invalidateQueries({ queryKey: ['templates'] });
    } catch (problem) {
      setSyncProblem(problem);
    }
  };
  const all = data?.data ?? [];
  const fits = (template: Template, wanted: Filter): boolean =>
    wanted === 'all' || (wanted === 'usable' ? template.usable : template.category === wanted);
  const looked = search.trim().toLowerCase();
  const shown = all.filter(
    (template) =>
      isChosen(template, draft) ||
      (fits(template, filter) && (looked === '' || `${template.name} ${templateText(template)}`.toLowerCase().includes(looked))),
  );
  const choose = async (template: Template): Promise<void> => {
    const kept = await draft.save({ template_name: template.name, template_language: template.language, mapping: {} });
    if (!kept || draft.dryRun === undefined) return;
    // The file was read for another template: what it lacks is another thing now.
    const path = { id: draft.campaign.id, upload_id: draft.dryRun.upload_id };
    await api.PATCH('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path }, body: {} });
    await client.invalidateQueries({ queryKey: ['campaigns', draft.campaign.id, 'dry-run'] });
  };
  const synced = all[0]?.synced_at;
  return (
    <section className="part">
      <div className="row between wrap">
        <h2 id="template-heading">{t('new.template')}</h2>
        <span className="t12 q">
          {synced !== undefined && t('new.synced', { when: f.moment(synced) })}{' '}
          <Button kind="ghost" size="small" onPress={sync}>
            {t('new.sync')}
          </Button>
        </span>
      </div>
      {syncProblem !== null && <ProblemNotice error={problemOf(syncProblem)} title={t('new.not-synced')} />}
      <div className="tools">
        <SearchBox value={search} label={t('new.template-search')} onSearch={setSearch} />
        {FILTERS.map((one) => (
          <button key={one} type="button" className="chip" aria-pressed={one === filter} onClick={() => setFilter(one)}>
            {t(`new.filter-${one}`)} {f.number(all.filter((template) => fits(template, one)).length)}
          </button>
        ))}
      </div>
      {isPending && <Loading words={t('new.templates-loading')} rows={4} />}
      {error !== null && <ProblemNotice error={error} title={t('new.templates-failed')} retry={refetch} />}
      {data !== undefined && shown.length === 0 && <p className="q2">{t('new.no-template-found')}</p>}
      <div className="pick" role="radiogroup" aria-labelledby="template-heading">
        {shown.map((template) => (
          <TemplateChoice
            key={`${template.name} ${template.language}`}
            template={template}
            isChosen={isChosen(template, draft)}
            onChoose={() => void choose(template)}
          />
        ))}
      </div>
    </section>
  );
}

function isChosen(template: Template, { campaign }: Draft): boolean {
  return template.name === campaign.template_name && template.language === campaign.template_language;
}

function TemplateChoice({
  template,
  isChosen: chosen,
  onChoose,
}: {
  readonly template: Template;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { t, f } = useWords();
  const isOff = !template.usable;
  return (
    <label className={isOff ? 'off' : undefined}>
      <input type="radio" name="template" checked={chosen} disabled={isOff && !chosen} onChange={onChoose} />
      <span>
        <b>{template.name}</b> <span className="t12 q">{f.languageName(template.language)}</span>
        <span className={isOff ? 't12 warn line' : 't12 q2 line two'}>
          {isOff ? t(`new.template-${stateOf(template)}`) : templateText(template)}
        </span>
      </span>
      <span className="t12 q2 num">
        {t(
          `new.category-${['MARKETING', 'UTILITY', 'AUTHENTICATION'].includes(template.category) ? template.category : 'other'}`,
        )}
        {isOff && (
          <b className="line">
            <Icon name="x" /> {t('new.not-usable')}
          </b>
        )}
      </span>
    </label>
  );
}

const STATES = ['PAUSED', 'PENDING', 'REJECTED', 'DISABLED', 'IN_APPEAL'];

function stateOf({ status }: Template): string {
  return STATES.includes(status) ? status : 'other';
}

function Variables({ template }: { readonly template: Template }) {
  const { t } = useWords();
  return (
    <section className="part">
      <h2>{t('new.asks-for')}</h2>
      <table className="tight fold">
        <thead>
          <tr>
            <th scope="col">{t('new.variable')}</th>
            <th scope="col">{t('new.example')}</th>
            <th scope="col">{t('new.where-from')}</th>
          </tr>
        </thead>
        <tbody>
          {template.variables.map(({ key, label, example, required }) => (
            <tr key={key}>
              <td>
                <b>{variableName({ key, label }, t)}</b>
              </td>
              <td className="q2">{example ?? '—'}</td>
              <td className="q">{t(required ? 'new.from-a-column' : 'new.from-a-column-if-wanted')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
