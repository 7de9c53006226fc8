import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { ScopeChoice } from './scope-choice.tsx';

/** A list of people who must not be written to, from another system or an authority. Who is on it already keeps the earlier proof. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [key, setKey] = useState(newKey);
  const bring = useMutation({
    mutationFn: (form: FormData) =>
      ask(
        api.POST('/api/v1/opt-outs/import', {
          headers: { 'idempotency-key': key },
          body: form as never,
          bodySerializer: () => form,
        }),
      ),
    onError: () => setKey(newKey()),
    // What was read before it broke off holds too.
    onSettled: () => queries.invalidateQueries({ queryKey: ['opt-outs'] }),
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (bring.isPending) return;
    const form = new FormData(event.currentTarget);
    if (form.get('note') === '') form.delete('note');
    bring.mutate(form);
  };
  if (bring.data !== undefined)
    return (
      <Dialog
        title={t('optouts.import-title')}
        onClose={onClose}
        actions={<Button onPress={onClose}>{t('action.close')}</Button>}
      >
        <Report report={bring.data} />
      </Dialog>
    );
  return (
    <Dialog title={t('optouts.import-title')} onClose={onClose}>
      <form onSubmit={send}>
        <p className="q2">{t('optouts.import-words')}</p>
        {bring.isError && <ProblemNotice error={bring.error} title={t('optouts.not-imported')} />}
        {/* Before the file: what comes with a form is read in its order. */}
        <ScopeChoice />
        <Field label={t('optouts.import-note')} hint={t('optouts.import-note-hint')}>
          {(control) => <input {...control} name="note" type="text" maxLength={500} />}
        </Field>
        <Field label={t('people.file')} hint={t('people.kinds')}>
          {(control) => <input {...control} name="file" type="file" required accept=".csv,.txt,.tsv,.xlsx,.ods" />}
        </Field>
        {bring.isPending && (
          <p className="q2" role="status">
            {t('people.reading-file')}
          </p>
        )}
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={bring.isPending}>
            {t('optouts.import-now')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Report({ report }: { readonly report: Schemas['OptOutImportReport'] }) {
  const { t, f, rich } = useWords();
  return (
    <Notice
      tone={report.valid_rows > 0 ? 'ok' : 'warn'}
      live="status"
      title={rich('optouts.imported', { count: report.valid_rows, n: f.number(report.valid_rows) })}
    >
      <p>{t('optouts.imported-rest', { duplicate: f.number(report.duplicate_rows), invalid: f.number(report.invalid_rows) })}</p>
      {report.causes.filter(({ kind }) => kind === 'invalid').length > 0 && (
        <ul>
          {report.causes
            .filter(({ kind }) => kind === 'invalid')
            .map((cause) => (
              <li key={`${cause.code} ${cause.column ?? ''}`}>
                {t('optouts.import-cause', { rows: f.number(cause.rows), text: cause.text, row: f.number(cause.first_row) })}
              </li>
            ))}
        </ul>
      )}
    </Notice>
  );
}
