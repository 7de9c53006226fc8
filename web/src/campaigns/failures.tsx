import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

/** Why they failed, what it means, and what can be done about it. */
export function Failures({
  campaign,
  stats,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
}) {
  const { t, f } = useWords();
  if (stats.messages_failed === 0) return null;
  const attempted = stats.messages_sent + stats.failures.reduce((sum, { count }) => sum + count, 0);
  const mayBeRetried = stats.failures.some(({ may_be_retried: may }) => may);
  return (
    <section className="sec">
      <div className="sec-head">
        <h2>{t('failures.title', { count: stats.messages_failed, n: f.number(stats.messages_failed) })}</h2>
        {attempted > 0 && (
          <span className="q t13">{t('failures.share', { share: f.percent(stats.messages_failed / attempted) })}</span>
        )}
        {mayBeRetried && <RetryButton campaign={campaign} />}
      </div>
      <table className="fold">
        <thead>
          <tr>
            <th scope="col" className="num">
              {t('failures.people')}
            </th>
            <th scope="col">{t('failures.what')}</th>
            <th scope="col">{t('failures.do')}</th>
            <th scope="col" className="num">
              {t('failures.code')}
            </th>
          </tr>
        </thead>
        <tbody>
          {stats.failures.map((cause) => (
            <tr key={cause.code}>
              <td className="num" data-k={t('failures.people')}>
                <b>{f.number(cause.count)}</b>
              </td>
              <td>
                <b>{cause.title}</b>
                <div className="q2">{cause.advice}</div>
              </td>
              <td>
                <Link
                  to="/campaigns/$id"
                  params={{ id: campaign.id }}
                  search={{ error_code: cause.code }}
                  hash="people"
                  replace
                  className="nowrap"
                >
                  {t('failures.show', { count: cause.count, n: f.number(cause.count) })}
                </Link>
                <div className="t12 q2">
                  {!cause.may_be_retried
                    ? t('failures.not-again')
                    : cause.retry_after_seconds > 0
                      ? t('failures.again-after', { time: f.duration(cause.retry_after_seconds) })
                      : t('failures.may-again')}
                </div>
              </td>
              <td className="num q" data-k={t('failures.code')}>
                {cause.code}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Those whose cause allows it and whose waiting time is over; everybody else stays as they are. */
function RetryButton({ campaign }: { readonly campaign: Schemas['Campaign'] }) {
  const { t, f } = useWords();
  const may = useMay('send');
  const queries = useQueryClient();
  const key = useRef(newKey());
  const retry = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/campaigns/{id}/retry', {
          params: { path: { id: campaign.id }, header: { 'idempotency-key': key.current } },
          body: {},
        }),
      ),
    onSuccess: () => {
      key.current = newKey();
      return queries.invalidateQueries({ queryKey: ['campaigns', campaign.id] });
    },
  });
  return (
    <div className="right">
      <Button
        size="small"
        icon="retry"
        off={may ? undefined : t('permission.operate')}
        onPress={() => retry.mutateAsync().catch(() => undefined)}
      >
        {t('failures.retry')}
      </Button>
      {retry.data !== undefined && (
        <span className="t12 q2" role="status">
          {t('failures.retried', { count: retry.data.retried, n: f.number(retry.data.retried) })}
        </span>
      )}
      {retry.isError && <ProblemNotice error={retry.error} title={t('one.not-done')} />}
    </div>
  );
}
