import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api, ask, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

/** Cannot be hit by accident: it asks for the number of people who will get nothing. */
export function CancelDialog({
  campaign,
  stats,
  onClose,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly stats: Schemas['CampaignStats'];
  readonly onClose: () => void;
}) {
  const { t, f, rich } = useWords();
  const queries = useQueryClient();
  const field = useId();
  const [typed, setTyped] = useState('');
  // Fixed when it opens: nobody can type a number that counts down.
  const [left] = useState(() => stats.by_status.pending);
  const cancel = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/campaigns/{id}/cancel', { params: { path: { id: campaign.id } } })),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns', campaign.id] }),
  });
  const isRight = typed.replace(/\D/g, '') === String(left);
  return (
    <Dialog
      title={t('cancel.title', { name: campaign.name })}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('cancel.no')}</Button>
          <Button
            kind="danger-primary"
            off={isRight ? undefined : t('cancel.type-first')}
            onPress={() => cancel.mutateAsync().catch(() => undefined)}
          >
            {t('cancel.yes', { count: left, n: f.number(left) })}
          </Button>
        </>
      }
    >
      <p>{rich('cancel.words', { left: f.number(left), sent: f.number(stats.messages_sent), count: left })}</p>
      <label htmlFor={field}>{t('cancel.type', { left: f.number(left) })}</label>
      <input
        id={field}
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        autoFocus
        onChange={(event) => setTyped(event.target.value)}
      />
      {cancel.isError && <ProblemNotice error={cancel.error} title={t('one.not-done')} />}
    </Dialog>
  );
}
