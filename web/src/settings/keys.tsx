import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Empty } from '../lib/ui/empty.tsx';
import { Field } from '../lib/ui/field.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { SecretNotice } from '../lib/ui/secret-notice.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { keysQuery } from './queries.ts';

type Key = Schemas['ApiKey'];
const SCOPES = ['metrics', 'read', 'write', 'send', 'admin'] as const satisfies readonly Key['scopes'][number][];

/** Keys for other systems. One that is revoked opens nothing from the next request on. */
export function Keys() {
  const { t } = useWords();
  const { data, error, isPending, refetch } = useQuery(keysQuery);
  const [makes, setMakes] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string }>();
  const [revokes, setRevokes] = useState<Key>();
  const valid = data?.filter((key) => key.revoked_at === null);
  return (
    <section>
      <div className="sec-head">
        <h2>{t('keys.title')}</h2>
        <div className="right">
          <Button size="small" icon="key" onPress={() => setMakes(true)}>
            {t('keys.make')}
          </Button>
        </div>
      </div>
      {made !== undefined && (
        <SecretNotice icon="key" title={t('keys.copy-now', { name: made.name })} label={t('keys.key')} secret={made.key} />
      )}
      {error !== null && <ProblemNotice error={error} retry={refetch} />}
      {isPending && <Loading words={t('keys.loading')} />}
      {valid?.length === 0 && <Empty title={t('keys.none')}>{t('keys.none-words')}</Empty>}
      {valid !== undefined && valid.length > 0 && (
        <table className="fold">
          <thead>
            <tr>
              <th scope="col">{t('settings.name')}</th>
              <th scope="col">{t('keys.begins')}</th>
              <th scope="col">{t('keys.may')}</th>
              <th scope="col">{t('keys.made-by')}</th>
              <th scope="col" className="num">
                {t('keys.expires')}
              </th>
              <th scope="col" className="num">
                {t('keys.used')}
              </th>
              <th scope="col">
                <span className="sr">{t('settings.action')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {valid.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevokes(key)} />
            ))}
          </tbody>
        </table>
      )}
      {makes && (
        <MakeKey
          onClose={() => setMakes(false)}
          onMade={(key) => {
            setMade(key);
            setMakes(false);
          }}
        />
      )}
      {revokes !== undefined && <RevokeKey apiKey={revokes} onClose={() => setRevokes(undefined)} />}
    </section>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: Key; readonly onRevoke: () => void }) {
  const { t, f } = useWords();
  return (
    <tr>
      <td>
        <b className="name">{apiKey.name}</b>
      </td>
      <td className="mono q2" data-k={t('keys.begins')}>
        {apiKey.prefix}…
      </td>
      <td data-k={t('keys.may')}>{f.list(apiKey.scopes.map((scope) => t(`scope.${scope}`)))}</td>
      <td className="q2" data-k={t('keys.made-by')}>
        {apiKey.created_by ?? '—'}, {f.date(apiKey.created_at)}
      </td>
      <td className="num" data-k={t('keys.expires')}>
        {apiKey.expires_at === null ? t('keys.never') : <When at={apiKey.expires_at} />}
      </td>
      <td className="num q" data-k={t('keys.used')}>
        <When at={apiKey.last_used_at} />
      </td>
      <td className="num">
        <Button size="small" kind="ghost" aria-label={t('keys.revoke-of', { name: apiKey.name })} onPress={onRevoke}>
          {t('keys.revoke')}
        </Button>
      </td>
    </tr>
  );
}

function MakeKey({
  onClose,
  onMade,
}: {
  readonly onClose: () => void;
  readonly onMade: (made: { name: string; key: string }) => void;
}) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [key, setKey] = useState(newKey);
  const make = useMutation({
    mutationFn: (body: { name: string; scopes: Key['scopes'] }) =>
      ask(api.POST('/api/v1/keys', { body, headers: { 'idempotency-key': key } })),
    onError: () => setKey(newKey()),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['keys'] });
      onMade({ name: made.name, key: made.key });
    },
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (make.isPending) return;
    const form = new FormData(event.currentTarget);
    make.mutate({ name: textOf(form, 'name'), scopes: SCOPES.filter((scope) => form.getAll('scope').includes(scope)) });
  };
  return (
    <Dialog title={t('keys.make')} onClose={onClose}>
      <form onSubmit={send}>
        {make.isError && <ProblemNotice error={make.error} title={t('keys.not-made')} />}
        <Field label={t('settings.name')} hint={t('keys.name-hint')}>
          {(control) => <input {...control} name="name" type="text" required maxLength={100} autoFocus />}
        </Field>
        <fieldset className="field">
          <legend className="label">{t('keys.may')}</legend>
          {SCOPES.map((scope) => (
            <label className="choice" key={scope}>
              <input type="checkbox" name="scope" value={scope} defaultChecked={scope === 'read'} />
              <span>
                <b>{t(`scope.${scope}`)}</b>
                <span className="q2">{t(`scope.${scope}-may`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={make.isPending}>
            {t('keys.make-now')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function RevokeKey({ apiKey, onClose }: { readonly apiKey: Key; readonly onClose: () => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/keys/{id}', { params: { path: { id: apiKey.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] });
      onClose();
    },
  });
  return (
    <Dialog
      title={t('keys.revoke-title', { name: apiKey.name })}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button kind="danger-primary" onPress={() => revoke.mutateAsync().catch(() => undefined)}>
            {t('keys.revoke-now')}
          </Button>
        </>
      }
    >
      <p>{t('keys.revoke-words')}</p>
      {revoke.isError && <ProblemNotice error={revoke.error} />}
    </Dialog>
  );
}
