import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

/** One call names so many; the rest is asked for again. */
const AT_ONCE = 500;

type Decision = 'close' | 'resend';

/** Who may have got the message or not: named, explained, and left to a person after the grace time. */
export function Unconfirmed({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f } = useWords();
  const may = useMay('send');
  const [asks, setAsks] = useState<Decision | undefined>();
  const { unknown } = stats.by_status;
  if (unknown === 0) return null;
  const off = may ? undefined : t('permission.operate');
  return (
    <section className="sec">
      <div className="sec-head">
        <h2>{t('unknown.title', { count: unknown, n: f.number(unknown) })}</h2>
      </div>
      <p className="after">
        {t('unknown.words')}{' '}
        <Link to="/campaigns/$id" params={{ id: campaign.id }} search={{ status: 'unknown' }} hash="people" replace>
          {t('unknown.show', { count: unknown, n: f.number(unknown) })}
        </Link>
      </p>
      <div className="acts after">
        <Button size="small" off={off} onPress={() => setAsks('close')}>
          {t('unknown.close')}
        </Button>
        <Button size="small" kind="danger" off={off} onPress={() => setAsks('resend')}>
          {t('unknown.resend')}
        </Button>
      </div>
      {asks !== undefined && <DecideDialog campaign={campaign} decision={asks} onClose={() => setAsks(undefined)} />}
    </section>
  );
}

function DecideDialog({
  campaign,
  decision,
  onClose,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly decision: Decision;
  readonly onClose: () => void;
}) {
  const { t, f } = useWords();
  const queries = useQueryClient();
  const key = useRef(newKey());
  const decide = useMutation({
    mutationFn: async () => {
      const path = { id: campaign.id };
      const { data } = await ask(
        api.GET('/api/v1/campaigns/{id}/recipients', { params: { path, query: { status: 'unknown', limit: AT_ONCE } } }),
      );
      return ask(
        api.POST('/api/v1/campaigns/{id}/resolve-unknown', {
          params: { path, header: { 'idempotency-key': key.current } },
          body: { decision, recipient_ids: data.map(({ id }) => id) },
        }),
      );
    },
    onSuccess: () => {
      key.current = newKey();
      return queries.invalidateQueries({ queryKey: ['campaigns', campaign.id] });
    },
  });
  return (
    <Dialog
      title={t(`unknown.${decision}-title`)}
      onClose={onClose}
      actions={
        decide.isSuccess ? (
          <Button onPress={onClose}>{t('action.close')}</Button>
        ) : (
          <>
            <Button onPress={onClose}>{t('action.back')}</Button>
            <Button
              kind={decision === 'resend' ? 'danger-primary' : 'primary'}
              onPress={() => decide.mutateAsync().catch(() => undefined)}
            >
              {t(`unknown.${decision}`)}
            </Button>
          </>
        )
      }
    >
      <p>{t(`unknown.${decision}-words`)}</p>
      {decide.data !== undefined && (
        <p role="status">
          {t('unknown.decided', { count: decide.data.decided, n: f.number(decide.data.decided) })}{' '}
          {decide.data.within_grace.messages > 0 &&
            t('unknown.later', {
              count: decide.data.within_grace.messages,
              when: decide.data.within_grace.last_at === null ? '' : f.moment(decide.data.within_grace.last_at),
            })}
        </p>
      )}
      {decide.isError && <ProblemNotice error={decide.error} title={t('one.not-done')} />}
    </Dialog>
  );
}
