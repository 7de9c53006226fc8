import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api, ask } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { useWords } from '../lib/words.ts';
import { type Campaign, type Draft, type Saving, useSaving } from './draft.ts';
import { MessageStep } from './message-step.tsx';
import './new-campaign.css';
import { PaceStep } from './pace-step.tsx';
import { PeopleStep, usePublish } from './people-step.tsx';
import { PreviewSide } from './preview-side.tsx';
import { campaignQuery, dryRunQuery, templatesQuery, uploadsQuery } from './queries.ts';
import { ReviewStep } from './review-step.tsx';
import { STEPS, type Step } from './steps.ts';

/** A draft in four steps, the phone beside all of them; whatever is changed is kept at once. */
export function EditCampaign() {
  const { t } = useWords();
  const { id } = useParams({ from: '/shell/campaigns/$id/edit' });
  const { data: campaign, error, isPending, refetch } = useQuery(campaignQuery(id));
  if (campaign === undefined)
    return (
      <Screen
        title={t('new.title')}
        crumb={
          <Link to="/campaigns" search={{}}>
            {t('campaigns.title')}
          </Link>
        }
      >
        {isPending && <Loading words={t('new.loading')} />}
        {error !== null && <ProblemNotice error={error} title={t('new.not-loaded')} retry={refetch} />}
      </Screen>
    );
  if (campaign.status === 'scheduled') return <Scheduled campaign={campaign} />;
  if (campaign.status !== 'draft') return <Navigate to="/campaigns/$id" params={{ id }} search={{}} replace />;
  return <Editor key={id} campaign={campaign} />;
}

function Editor({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useWords();
  const { step = 'message' } = useSearch({ from: '/shell/campaigns/$id/edit' });
  const saving = useSaving(campaign.id);
  const { data: templates } = useQuery(templatesQuery);
  const { data: uploads } = useQuery(uploadsQuery(campaign.id));
  const open = uploads?.data.find(({ status }) => status === 'draft');
  const { data: dryRun } = useQuery({ ...dryRunQuery(campaign.id, open?.upload_id ?? 0), enabled: open !== undefined });
  const draft: Draft = {
    campaign,
    template: templates?.data.find(
      ({ name, language }) => name === campaign.template_name && language === campaign.template_language,
    ),
    dryRun: open === undefined ? undefined : dryRun,
    files: uploads?.data.filter(({ status }) => status === 'published') ?? [],
    save: saving.save,
  };
  const [isPeeking, setPeeking] = useState(false);
  const views: Record<Step, () => ReactNode> = {
    message: () => <MessageStep draft={draft} />,
    people: () => (uploads === undefined ? <Loading words={t('new.loading')} /> : <PeopleStep draft={draft} />),
    pace: () => <PaceStep draft={draft} />,
    review: () => <ReviewStep draft={draft} />,
  };
  return (
    <Screen
      title={campaign.name}
      crumb={
        <Link to="/campaigns" search={{}}>
          {t('campaigns.title')}
        </Link>
      }
      actions={<Discard campaign={campaign} />}
    >
      <Steps draft={draft} step={step} saving={saving} />
      {saving.state === 'failed' && <ProblemNotice error={saving.error} title={t('new.not-kept')} retry={saving.again} />}
      <div className={isPeeking ? 'peek' : undefined}>
        <div className="wizard">
          <div>
            {views[step]()}
            <Go draft={draft} step={step} isPeeking={isPeeking} onPeek={() => setPeeking(!isPeeking)} />
          </div>
          <PreviewSide draft={draft} />
        </div>
      </div>
    </Screen>
  );
}

interface StepsProps {
  readonly draft: Draft;
  readonly step: Step;
  readonly saving: Saving;
}

function Steps({ draft, step, saving }: StepsProps) {
  const { t, f } = useWords();
  const { campaign } = draft;
  const hasPeople = campaign.by_status.pending > 0;
  const done: Record<Step, string | undefined> = {
    message: campaign.template_name ?? undefined,
    people: hasPeople ? f.number(campaign.by_status.pending) : undefined,
    pace: undefined,
    review: undefined,
  };
  return (
    <nav className="steps" aria-label={t('step.title')}>
      {STEPS.map((one, i) => (
        <Link
          key={one}
          from="/campaigns/$id/edit"
          to="."
          search={(before) => ({ ...before, step: one })}
          className={done[one] !== undefined && one !== step ? 'done' : ''}
          aria-current={one === step ? 'step' : undefined}
          activeProps={{}}
        >
          <span className="k">{done[one] !== undefined && one !== step ? <Icon name="tick" /> : i + 1}</span>
          <span className="word">{t(`step.${one}`)}</span>
          {done[one] !== undefined && one !== step && <small className="cut">{done[one]}</small>}
        </Link>
      ))}
      <span className="saved" role="status">
        {saving.state === 'saved'
          ? t('new.kept', { when: f.time(campaign.updated_at) })
          : t(saving.state === 'saving' ? 'new.keeping' : 'new.not-kept-yet')}
      </span>
    </nav>
  );
}

interface GoProps {
  readonly draft: Draft;
  readonly step: Step;
  readonly isPeeking: boolean;
  readonly onPeek: () => void;
}

/** Back, and on: at the foot of every step, with what is still missing. */
function Go({ draft, step, isPeeking, onPeek }: GoProps) {
  const { t } = useWords();
  const navigate = useNavigate({ from: '/campaigns/$id/edit' });
  const publish = usePublish(draft);
  const [problem, setProblem] = useState<unknown>(null);
  const at = STEPS.indexOf(step);
  const [before, next] = [STEPS[at - 1], STEPS[at + 1]];
  const { campaign, dryRun } = draft;
  const go = (to: Step) => navigate({ search: (search) => ({ ...search, step: to }) });
  const isPublishing = step === 'people' && dryRun !== undefined;
  const missing =
    step === 'message' && campaign.template_name === null
      ? t('new.template-missing')
      : step === 'people' && dryRun === undefined && campaign.by_status.pending === 0
        ? t('new.file-missing')
        : isPublishing && dryRun.status === 'ready' && dryRun.valid_rows === 0
          ? t('new.nobody-fits')
          : isPublishing && dryRun.status !== 'ready'
            ? t('new.file-not-ready')
            : undefined;
  const onward = async (): Promise<void> => {
    setProblem(null);
    try {
      if (isPublishing) await publish();
      if (next !== undefined) await go(next);
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <>
      {problem !== null && <ProblemNotice error={problem} title={t('people.not-published')} />}
      <div className="go">
        {before === undefined ? (
          <Link to="/campaigns" search={{}} className="btn">
            {t('new.leave')}
          </Link>
        ) : (
          <Button icon="left" onPress={() => go(before)}>
            {t(`step.${before}`)}
          </Button>
        )}
        <span className="only-s">
          <Button aria-expanded={isPeeking} onPress={onPeek}>
            {t('new.peek')}
          </Button>
        </span>
        <span className="say">{missing ?? (step === 'review' ? '' : t('new.nothing-leaves-yet'))}</span>
        {next !== undefined && (
          <Button kind="primary" onPress={onward} off={missing}>
            {isPublishing
              ? t('people.publish', { count: dryRun.valid_rows })
              : t('new.go-on', { step: t(`step.${next}`).toLowerCase() })}
            <Icon name="right" />
          </Button>
        )}
      </div>
    </>
  );
}

function Discard({ campaign }: { readonly campaign: Campaign }) {
  const { t } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const discard = async (): Promise<void> => {
    setProblem(null);
    try {
      await ask(api.DELETE('/api/v1/campaigns/{id}', { params: { path: { id: campaign.id } } }));
      await navigate({ to: '/campaigns', search: {} });
      await client.invalidateQueries({ queryKey: ['campaigns', 'list'] });
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <>
      <Button kind="ghost" onPress={() => setAsking(true)}>
        {t('new.discard')}
      </Button>
      {isAsking && (
        <Dialog
          title={t('new.discard-title', { name: campaign.name })}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onPress={() => setAsking(false)}>{t('action.back')}</Button>
              <Button kind="danger" onPress={discard}>
                {t('new.discard-yes')}
              </Button>
            </>
          }
        >
          <p>{t('new.discard-words')}</p>
          {problem !== null && <ProblemNotice error={problem} />}
        </Dialog>
      )}
    </>
  );
}

/** It starts by itself: to change it, its time is taken back first. */
function Scheduled({ campaign }: { readonly campaign: Campaign }) {
  const { t, f } = useWords();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const takeBack = async (): Promise<void> => {
    setProblem(null);
    try {
      const { id } = campaign;
      await ask(api.POST('/api/v1/campaigns/{id}/unschedule', { params: { path: { id } } }));
      await client.invalidateQueries({ queryKey: ['campaigns'] });
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Screen
      title={campaign.name}
      crumb={
        <Link to="/campaigns" search={{}}>
          {t('campaigns.title')}
        </Link>
      }
    >
      {problem !== null && <ProblemNotice error={problem} />}
      <Notice
        icon="clock"
        title={t('new.scheduled', { when: campaign.scheduled_at === null ? '' : f.moment(campaign.scheduled_at) })}
        actions={<Button onPress={takeBack}>{t('new.take-schedule-back')}</Button>}
      >
        {t('new.scheduled-words')}
      </Notice>
    </Screen>
  );
}
