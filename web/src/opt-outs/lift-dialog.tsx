import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubmitEvent } from 'react';
import { api, ask } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { phoneWords } from '../lib/phone-words.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { OptOut } from './queries.ts';
import { sourceWords } from './source-words.ts';

/** Only when the person has asked for it, and with how: that sentence is the proof. */
export function LiftDialog({ entry, onClose }: { readonly entry: OptOut; readonly onClose: () => void }) {
  const words = useWords();
  const { t, f } = words;
  const queries = useQueryClient();
  const lift = useMutation({
    mutationFn: (reason: string) =>
      ask(
        api.DELETE('/api/v1/opt-outs/{phone}', {
          params: { path: { phone: entry.phone }, query: { scope: entry.scope, reason } },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['opt-outs'] });
      onClose();
    },
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!lift.isPending) lift.mutate(textOf(new FormData(event.currentTarget), 'reason').trim());
  };
  return (
    <Dialog title={t('optouts.lift-title', { phone: phoneWords(entry.phone) })} onClose={onClose}>
      <form onSubmit={send}>
        <p>{t('optouts.lift-words', { how: sourceWords(entry, words), when: f.moment(entry.since) })}</p>
        {lift.isError && <ProblemNotice error={lift.error} title={t('optouts.not-lifted')} />}
        <Field label={t('optouts.reason')} hint={t('optouts.reason-hint')}>
          {(control) => <input {...control} name="reason" type="text" required pattern=".*\S.*" maxLength={500} autoFocus />}
        </Field>
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="danger-primary" disabled={lift.isPending}>
            {t('optouts.lift-now')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
