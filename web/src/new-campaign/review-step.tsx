import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { statusQuery } from '../lib/status.ts';
import { Button } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords, type Words } from '../lib/words.ts';
import { ChangedVersion } from './changed-version.tsx';
import { type Draft, durationOf } from './draft.ts';
import { campaignQuery, preflightQuery } from './queries.ts';
import type { Step } from './steps.ts';

type Preflight = Schemas['Preflight'];

/** Everything once more, in words; the last button says what it does. */
export function ReviewStep({ draft }: { readonly draft: Draft }) {
  const { t, rich } = useWords();
  const { campaign } = draft;
  const { data, error, isPending, isFetching, refetch } = useQuery({ ...preflightQuery(campaign.id), staleTime: 0 });
  const told = useTold(draft, data);
  return (
    <>
      {data !== undefined && data.recipients > 0 && campaign.template_name !== null && (
        <p className="boss">{rich(told.at === undefined ? 'review.sentence' : 'review.sentence-at', told.values)}</p>
      )}
      {isPending && <Loading words={t('review.loading')} rows={5} />}
      {error !== null && <ProblemNotice error={error} title={t('review.failed')} retry={refetch} />}
      {data !== undefined && <ChangedVersion draft={draft} preflight={data} />}
      {data !== undefined && (
        <section className="part">
          <div className="sec-head">
            <h2>{t('review.checks')}</h2>
            <span className="t13 q">{t(data.ready ? 'review.nothing-blocks' : 'review.something-blocks')}</span>
            <div className="right">
              <Button size="small" icon="retry" onPress={refetch} disabled={isFetching}>
                {t('review.repeat')}
              </Button>
            </div>
          </div>
          <ul className="checks">
            {data.checks.map((check) => (
              <CheckLine key={`${check.code} ${check.message}`} check={check} recipients={data.recipients} />
            ))}
            {data.ready && <OneLine tone="ok" icon="tick" said={t('review.good')} title={t('check.ready')} />}
          </ul>
        </section>
      )}
      <Chosen draft={draft} values={told.values} />
      {data !== undefined && <LastButton draft={draft} preflight={data} />}
    </>
  );
}

/** The figures every sentence of this step is made of. */
function useTold(draft: Draft, preflight: Preflight | undefined) {
  const words = useWords();
  const { t, f } = words;
  const { at } = useSearch({ from: '/shell/campaigns/$id/edit' });
  const { data: status } = useQuery(statusQuery);
  const seconds = durationOf(draft.campaign, status?.pace?.messages_per_second);
  const cost = preflight?.estimated_cost ?? null;
  const currency = preflight?.currency ?? draft.campaign.currency;
  return {
    at,
    values: {
      template: draft.campaign.template_name ?? t('campaigns.no-template'),
      count: preflight?.recipients ?? draft.campaign.by_status.pending,
      cost: cost === null ? t('review.cost-unknown') : f.money(cost, currency),
      duration: seconds === undefined ? t('review.duration-unknown') : t('review.about', { duration: f.duration(seconds) }),
      when: at === undefined ? '' : whenWords(at, words),
    },
  };
}

function whenWords(at: string, { t, f }: Words): string {
  return t('review.when-in-zone', { when: f.moment(new Date(at)), zone: f.zoneName });
}

/** Whom a check sends where it is mended. */
const MENDED_IN: Readonly<Record<string, Step>> = {
  no_template: 'message',
  template_not_found: 'message',
  no_recipients: 'people',
  variable_unmapped: 'people',
  column_missing: 'people',
  values_missing: 'people',
  values_refused: 'people',
  files_differ: 'people',
};

const SAID: ReadonlySet<string> = new Set([
  'everything_stopped',
  'no_worker',
  'wrong_mode',
  'wrong_number',
  'no_template',
  'no_recipients',
  'recipients',
  'upload_in_progress',
  'upload_being_removed',
  'templates_not_synced',
  'template_not_found',
  'template_unreadable',
  'template_pending',
  'template_paused',
  'template_rejected',
  'template_low_quality',
  'template_medium_quality',
  'variable_unmapped',
  'column_missing',
  'values_missing',
  'values_refused',
  'version_changed',
  'us_marketing',
  'country_not_served',
  'recent_same_template',
  'files_differ',
]);

function CheckLine({ check, recipients }: { readonly check: Preflight['checks'][number]; readonly recipients: number }) {
  const { t, language } = useWords();
  const { level, code, message } = check;
  const tone = level === 'red' ? 'bad' : level === 'yellow' ? 'warn' : 'ok';
  const title = SAID.has(code) ? t(`check.${code}`, { count: recipients }) : message;
  const step = MENDED_IN[code];
  return (
    <OneLine
      tone={tone}
      icon={level === 'green' ? 'tick' : level === 'red' ? 'x' : 'alert'}
      said={t(`review.level-${level}`)}
      title={title}
      // The server's own sentence has the names and figures; where it is in the reader's language it stands beside.
      more={level !== 'green' && title !== message && language === 'en' ? message : undefined}
      act={step !== undefined && level !== 'green' && <StepLink step={step}>{t('review.mend')}</StepLink>}
    />
  );
}

interface OneLineProps {
  readonly tone: string;
  readonly icon: string;
  readonly said: string;
  readonly title: string;
  readonly more?: string | undefined;
  readonly act?: ReactNode;
}

function OneLine({ tone, icon, said, title, more, act }: OneLineProps) {
  return (
    <li>
      <span className={tone}>
        <Icon name={icon} />
        <span className="sr">{said}</span>
      </span>
      <span>
        <b>{title}</b> {more !== undefined && <span className="q2">{more}</span>}
      </span>
      <span className="t13 nowrap">{act}</span>
    </li>
  );
}

function StepLink({ step, children }: { readonly step: Step; readonly children: ReactNode }) {
  return (
    <Link from="/campaigns/$id/edit" to="." search={(before) => ({ ...before, step })}>
      {children}
    </Link>
  );
}

function Chosen({ draft, values }: { readonly draft: Draft; readonly values: Readonly<Record<string, string | number>> }) {
  const { t, f } = useWords();
  const { campaign, files } = draft;
  const change = (step: Step) => (
    <span className="t12">
      {' '}
      <StepLink step={step}>{t('review.change')}</StepLink>
    </span>
  );
  const names = files.map(({ filename }) => filename ?? t('people.pasted'));
  return (
    <section className="part">
      <div className="sec-head">
        <h2>{t('review.chosen')}</h2>
      </div>
      <dl className="kv">
        <dt>{t('step.message')}</dt>
        <dd>
          {campaign.template_name === null
            ? t('campaigns.no-template')
            : `${campaign.template_name}, ${f.languageName(campaign.template_language ?? '')}`}
          {change('message')}
        </dd>
        <dt>{t('step.people')}</dt>
        <dd>
          {names.length === 0
            ? t('campaigns.no-people')
            : t('review.people-of', { count: campaign.by_status.pending, files: f.list(names) })}
          {change('people')}
        </dd>
        <dt>{t('pace.how-fast')}</dt>
        <dd>
          {campaign.messages_per_second === null
            ? t('pace.all-the-number-may')
            : t('review.rate', { rate: f.number(campaign.messages_per_second) })}
          {campaign.batch_size !== null &&
            `; ${t('review.batches', { size: f.number(campaign.batch_size), pause: f.duration(campaign.delay_between_batches) })}`}
          {change('pace')}
        </dd>
        <dt>{t('pace.when')}</dt>
        <dd>
          {values['when'] === '' ? t('pace.at-once') : values['when']}
          {change('pace')}
        </dd>
      </dl>
    </section>
  );
}

function LastButton({ draft, preflight }: { readonly draft: Draft; readonly preflight: Preflight }) {
  const { t } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useMay('send');
  const [problem, setProblem] = useState<unknown>(null);
  // One key for one press that was meant: a lost answer and a second press do not start twice.
  const [key, setKey] = useState(newKey);
  const { at, values } = useTold(draft, preflight);
  const { id } = draft.campaign;
  const act = async (): Promise<void> => {
    setProblem(null);
    try {
      const params = { path: { id }, header: { 'idempotency-key': key } };
      if (at === undefined) await ask(api.POST('/api/v1/campaigns/{id}/start', { params }));
      else await ask(api.POST('/api/v1/campaigns/{id}/schedule', { params, body: { scheduled_at: new Date(at).toISOString() } }));
      await client.invalidateQueries({ queryKey: ['campaigns'] });
      await client.query({ ...campaignQuery(id), staleTime: 0 });
      await navigate({ to: '/campaigns/$id', params: { id }, search: {} });
    } catch (error) {
      setKey(newKey());
      setProblem(error);
      await client.invalidateQueries({ queryKey: preflightQuery(id).queryKey });
    }
  };
  return (
    <section className="part">
      {problem !== null && <ProblemNotice error={problem} title={t('review.not-started')} />}
      <Button
        kind="primary"
        size="large"
        wide
        onPress={act}
        off={preflight.ready ? undefined : t('review.something-blocks')}
        disabled={!may}
      >
        {t(at === undefined ? 'review.send' : 'review.schedule', values)}
      </Button>
      {!may && <NoPermission needs="send" />}
      <p className="t13 q2">{t(at === undefined ? 'review.after-send' : 'review.after-schedule')}</p>
    </section>
  );
}
