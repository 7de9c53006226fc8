import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Menu } from '../lib/ui/menu.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useShortcut } from '../lib/ui/shortcuts.tsx';
import { useWords } from '../lib/words.ts';
import { AddPeopleDialog } from './add-people-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';

/** Pause, resume and cancel stand here and never move. Pause asks nothing: it is undone by resuming. */
export function ControlButtons({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f } = useWords();
  const queries = useQueryClient();
  const may = useMay('send');
  const [asksCancel, setAsksCancel] = useState(false);
  const off = may ? undefined : t('permission.operate');
  const { id, status } = campaign;
  const path = { path: { id } };
  const refresh = () => queries.invalidateQueries({ queryKey: ['campaigns', id] });
  const pause = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/campaigns/{id}/pause', { params: path })),
    onSettled: refresh,
  });
  const resume = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/campaigns/{id}/resume', { params: path })),
    onSettled: refresh,
  });
  const press = (act: { mutateAsync: () => Promise<unknown>; reset: () => void }) => () =>
    act.mutateAsync().catch(() => undefined);
  const mayPause = status === 'running';
  const mayResume = status === 'paused';
  const mayCancel = status === 'running' || status === 'paused' || status === 'scheduled';
  useShortcut('p', t('one.pause'), () => void press(pause)(), mayPause && may);
  const failed = pause.error ?? resume.error;
  return (
    <>
      {mayPause && (
        <Button icon="pause" shortcut="P" off={off} onPress={press(pause)}>
          {t('one.pause')}
        </Button>
      )}
      {mayResume && (
        <Button kind="primary" icon="play" off={off} onPress={press(resume)}>
          {t('one.resume')}
        </Button>
      )}
      {mayCancel && (
        <Button kind="danger" off={off} onPress={() => setAsksCancel(true)}>
          {t('one.cancel')}
        </Button>
      )}
      <MoreActions campaign={campaign} />
      {(failed !== null || pause.data !== undefined) && (
        <div className="acts-said" role="status">
          {failed !== null && <ProblemNotice error={failed} title={t('one.not-done')} />}
          {failed === null && pause.data !== undefined && status === 'paused' && (
            <p className="t13 q2">
              {t('one.paused-in-flight', { count: pause.data.in_flight, n: f.number(pause.data.in_flight) })}
            </p>
          )}
        </div>
      )}
      {asksCancel && <CancelDialog campaign={campaign} stats={stats} onClose={() => setAsksCancel(false)} />}
    </>
  );
}

/** To these people can still be added; the completed one goes on with them. */
const MAY_GROW: readonly string[] = ['running', 'paused', 'completed'];

function MoreActions({ campaign }: { readonly campaign: Schemas['Campaign'] }) {
  const { t } = useWords();
  const may = useMay('write');
  const navigate = useNavigate();
  const key = useRef(newKey());
  const duplicate = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/campaigns/{id}/duplicate', {
          params: { path: { id: campaign.id }, header: { 'idempotency-key': key.current } },
          body: {},
        }),
      ),
    onSuccess: ({ id }) => {
      key.current = newKey();
      void navigate({ to: '/campaigns/$id/edit', params: { id }, search: {} });
    },
  });
  const [adds, setAdds] = useState(false);
  const exportOf = (separator: string): string => `/api/v1/campaigns/${String(campaign.id)}/export.csv${separator}`;
  return (
    <>
      <Menu label={t('one.more')} icon="dots">
        <a href={exportOf('?separator=semicolon')} download>
          {t('one.export-excel')}
        </a>
        <a href={exportOf('')} download>
          {t('one.export-csv')}
        </a>
        {may && MAY_GROW.includes(campaign.status) && campaign.archived_at === null && (
          <button type="button" onClick={() => setAdds(true)}>
            {t('add.button')}
          </button>
        )}
        {may && (
          <button type="button" onClick={() => void duplicate.mutateAsync().catch(() => undefined)}>
            {t('one.duplicate')}
          </button>
        )}
        <button type="button" onClick={() => window.print()}>
          {t('one.print')}
        </button>
      </Menu>
      {adds && <AddPeopleDialog campaign={campaign} onClose={() => setAdds(false)} />}
      {duplicate.isError && <ProblemNotice error={duplicate.error} title={t('one.not-done')} />}
    </>
  );
}
