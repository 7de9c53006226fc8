import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, ask, newKey } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { ScopeChoice, scopeOf } from './scope-choice.tsx';

/** Somebody called, or wrote elsewhere: from now on nothing goes to them, in running campaigns too. */
export function AddDialog({ phone, onClose }: { readonly phone?: string; readonly onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [key, setKey] = useState(newKey);
  const add = useMutation({
    mutationFn: (body: { phone: string; scope: 'all' | 'marketing'; note?: string }) =>
      ask(api.POST('/api/v1/opt-outs', { headers: { 'idempotency-key': key }, body })),
    onError: () => setKey(newKey()),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['opt-outs'] });
      onClose();
    },
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (add.isPending) return;
    const form = new FormData(event.currentTarget);
    const note = textOf(form, 'note').trim();
    add.mutate({ phone: textOf(form, 'phone'), scope: scopeOf(form), ...(note === '' ? {} : { note }) });
  };
  return (
    <Dialog title={t('optouts.add-title')} onClose={onClose}>
      <form onSubmit={send}>
        {add.isError && <ProblemNotice error={add.error} title={t('optouts.not-added')} />}
        <Field label={t('optouts.phone')} hint={t('optouts.phone-hint')}>
          {(control) => (
            <input
              {...control}
              name="phone"
              type="text"
              inputMode="tel"
              required
              maxLength={40}
              defaultValue={phone ?? ''}
              autoFocus
            />
          )}
        </Field>
        <ScopeChoice />
        <Field label={t('optouts.note')} hint={t('optouts.note-hint')}>
          {(control) => <input {...control} name="note" type="text" maxLength={500} />}
        </Field>
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={add.isPending}>
            {t('optouts.add-now')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
