import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useRef, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

/** More people for a campaign that has begun: the file is read first, and before anybody is added it says what that will do. */
export function AddPeopleDialog({ campaign, onClose }: { readonly campaign: Schemas['Campaign']; readonly onClose: () => void }) {
  const { t, f, rich } = useWords();
  const queries = useQueryClient();
  const chooser = useRef<HTMLInputElement>(null);
  const key = useRef(newKey());
  const [file, setFile] = useState<File>();
  const path = { id: campaign.id };
  const read = useMutation({
    mutationFn: (chosen: File) => {
      const form = new FormData();
      form.append('file', chosen, chosen.name);
      return ask(
        api.POST('/api/v1/campaigns/{id}/uploads', {
          params: { path, header: { 'idempotency-key': newKey() } },
          body: form as never,
          bodySerializer: () => form,
        }),
      );
    },
  });
  const dryRun = read.data;
  const uploadPath = { ...path, upload_id: dryRun?.upload_id ?? 0 };
  const isReady = dryRun?.status === 'ready';
  const rate = useQuery({
    queryKey: ['campaigns', campaign.id],
    queryFn: ({ signal }) => ask(api.GET('/api/v1/campaigns/{id}', { signal, params: { path } })),
  });
  const publish = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/campaigns/{id}/uploads/{upload_id}/publish', {
          params: { path: uploadPath, header: { 'idempotency-key': key.current } },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaigns', campaign.id] });
      onClose();
    },
  });
  const leave = async (): Promise<void> => {
    // What was read and is not wanted is thrown away: nobody was added.
    if (dryRun !== undefined && !publish.isSuccess)
      await api.DELETE('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path: uploadPath } });
    onClose();
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const chosen = event.target.files?.[0];
    event.target.value = '';
    if (chosen === undefined || read.isPending) return;
    setFile(chosen);
    read.mutate(chosen);
  };
  const status = rate.data?.status ?? campaign.status;
  return (
    <Dialog
      title={t('add.title', { name: campaign.name })}
      onClose={() => void leave()}
      actions={
        <>
          <Button onPress={leave}>{t('action.back')}</Button>
          {isReady && dryRun.valid_rows > 0 && (
            <Button kind="primary" onPress={() => publish.mutateAsync().catch(() => undefined)}>
              {t(status === 'paused' ? 'add.yes-paused' : 'add.yes', { count: dryRun.valid_rows })}
            </Button>
          )}
        </>
      }
    >
      {read.isError && <ProblemNotice error={read.error} title={t('people.not-read')} />}
      {publish.isError && <ProblemNotice error={publish.error} title={t('people.not-published')} />}
      {dryRun === undefined && (
        <>
          <p>{t(`add.words-${status === 'paused' ? 'paused' : status === 'completed' ? 'completed' : 'running'}`)}</p>
          <p className="after-16">
            <input
              ref={chooser}
              className="sr"
              type="file"
              tabIndex={-1}
              aria-label={t('people.choose')}
              accept=".csv,.txt,.tsv,.xlsx,.ods"
              onChange={choose}
            />
            <Button icon="file" disabled={read.isPending} onPress={() => chooser.current?.click()}>
              {read.isPending ? t('people.coming', { name: file?.name ?? '' }) : t('people.choose')}
            </Button>
          </p>
          <p className="t12 q after">{t('people.nobody-yet')}</p>
        </>
      )}
      {dryRun !== undefined && isReady && (
        <>
          <p>{rich('add.found', { count: dryRun.valid_rows, n: f.number(dryRun.valid_rows) })}</p>
          <p className="q2">
            {t('add.rest', {
              duplicate: f.number(dryRun.duplicate_rows),
              invalid: f.number(dryRun.invalid_rows),
              out: f.number(dryRun.suppressed_rows),
            })}
          </p>
        </>
      )}
      {dryRun !== undefined && !isReady && <p className="warn">{dryRun.problem?.detail ?? t('new.file-not-ready')}</p>}
    </Dialog>
  );
}
