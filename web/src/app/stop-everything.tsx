import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiProblem, api, ask, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

const RETRY_MS = 2_000;

function useCount(status: 'running' | 'scheduled'): number | undefined {
  const { data } = useQuery({
    queryKey: ['campaigns', 'count', status],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns', { signal, params: { query: { status, limit: 1 } } })),
  });
  return data?.total;
}

/** One question, from every screen; without a connection it keeps trying until it is done or called off. */
export function StopDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, rich } = useWords();
  const queries = useQueryClient();
  const [running, scheduled] = [useCount('running'), useCount('scheduled')];
  const stop = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/stop-everything')),
    retry: (_count, error) => error instanceof ApiProblem && (error.status === 0 || error.status === 503),
    retryDelay: RETRY_MS,
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Dialog
      title={t('stop.title')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('stop.no')}</Button>
          <Button kind="danger-primary" icon="stop" onPress={() => stop.mutateAsync().catch(() => undefined)}>
            {t('stop.yes')}
          </Button>
        </>
      }
    >
      <p>{rich('stop.words', { running: running ?? 0, scheduled: scheduled ?? 0 })}</p>
      {stop.isPending && stop.failureCount > 0 && (
        <p className="warn" role="status">
          {t('stop.trying')}
        </p>
      )}
      {stop.isError && <ProblemNotice error={stop.error} title={t('stop.failed')} />}
    </Dialog>
  );
}

/** On every screen until somebody lifts it. */
export function StoppedNotice({ status }: { readonly status: Schemas['Status'] | undefined }) {
  const { t, f } = useWords();
  const queries = useQueryClient();
  const may = useMay('send');
  const [asks, setAsks] = useState(false);
  const lift = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/lift-stop')),
    onSuccess: async () => {
      setAsks(false);
      await queries.invalidateQueries();
    },
  });
  const since = status?.stopped_at;
  if (since === null || since === undefined) return null;
  return (
    <section className="stopped" aria-label={t('stopped.region')}>
      <Notice
        tone="bad"
        icon="stop"
        title={t('stopped.title', { when: f.moment(since) })}
        actions={
          may ? (
            <Button size="small" onPress={() => setAsks(true)}>
              {t('stopped.lift')}
            </Button>
          ) : (
            <NoPermission needs="send" />
          )
        }
      >
        {t('stopped.words')}
      </Notice>
      {asks && (
        <Dialog
          title={t('stopped.ask-title')}
          onClose={() => setAsks(false)}
          actions={
            <>
              <Button onPress={() => setAsks(false)}>{t('action.back')}</Button>
              <Button kind="primary" onPress={() => lift.mutateAsync().catch(() => undefined)}>
                {t('stopped.lift-now')}
              </Button>
            </>
          }
        >
          <p>{t('stopped.ask-words')}</p>
          {lift.isError && <ProblemNotice error={lift.error} />}
        </Dialog>
      )}
    </section>
  );
}
