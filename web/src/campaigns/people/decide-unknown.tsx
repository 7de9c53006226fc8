import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, ask, newKey } from '../../lib/api.ts';
import { useMay } from '../../lib/session.ts';
import { Button } from '../../lib/ui/button.tsx';
import { Notice } from '../../lib/ui/notice.tsx';
import { ProblemNotice } from '../../lib/ui/problem-notice.tsx';
import { useWords } from '../../lib/words.ts';

/** Of one person nobody knows whether it arrived: left so, or written to again at the risk of twice. */
export function DecideUnknown({ campaignId, recipientId }: { readonly campaignId: number; readonly recipientId: number }) {
  const { t } = useWords();
  const may = useMay('send');
  const queries = useQueryClient();
  const key = useRef(newKey());
  const decide = useMutation({
    mutationFn: (decision: 'close' | 'resend') =>
      ask(
        api.POST('/api/v1/campaigns/{id}/resolve-unknown', {
          params: { path: { id: campaignId }, header: { 'idempotency-key': key.current } },
          body: { decision, recipient_ids: [recipientId] },
        }),
      ),
    onSettled: () => {
      key.current = newKey();
      return queries.invalidateQueries({ queryKey: ['campaigns', campaignId] });
    },
  });
  const off = may ? undefined : t('permission.operate');
  const press = (decision: 'close' | 'resend') => () => decide.mutateAsync(decision).catch(() => undefined);
  return (
    <Notice
      tone="warn"
      icon="ask"
      title={t('unknown.one-title')}
      actions={
        <>
          <Button size="small" off={off} onPress={press('close')}>
            {t('unknown.one-close')}
          </Button>
          <Button size="small" kind="danger" off={off} onPress={press('resend')}>
            {t('unknown.one-resend')}
          </Button>
        </>
      }
    >
      <p>{t('unknown.one-words')}</p>
      {decide.isError && <ProblemNotice error={decide.error} title={t('one.not-done')} />}
    </Notice>
  );
}
