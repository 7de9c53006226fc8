import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type SubmitEvent, useRef, useState } from 'react';
import { api, ask, problemOf } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { welcome } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Field } from '../lib/ui/field.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { CodeField, NewPassword, PASSWORD_MIN } from '../lib/ui/new-password.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { Door } from './door.tsx';

let kept = '';

/** Behind the #, which no browser sends: it never reaches a log. Taken out of the address as soon as it is read. */
function readToken(): string {
  const token = location.hash.slice(1);
  if (token === '') return kept;
  history.replaceState(history.state, '', location.pathname);
  kept = token;
  return token;
}

export function Invitation() {
  const { t } = useWords();
  const [token] = useState(readToken);
  const { data, error, isPending } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ask(api.POST('/api/v1/auth/invitation/look', { body: { token } })),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (token === '' || error !== null)
    return (
      <Door title={t('invitation.broken-title')}>
        {error === null ? <p>{t('invitation.broken')}</p> : <ProblemNotice error={error} title={t('invitation.used-up')} />}
        <p className="door-foot">
          <Link to="/login" search={{}}>
            {t('invitation.to-login')}
          </Link>
        </p>
      </Door>
    );
  if (isPending)
    return (
      <Door title={t('invitation.title')}>
        <Loading words={t('invitation.loading')} rows={2} />
      </Door>
    );
  return <Accept token={token} name={data.name} expiresAt={data.expires_at} />;
}

function Accept({
  token,
  name,
  expiresAt,
}: {
  readonly token: string;
  readonly name: string | null;
  readonly expiresAt: string;
}) {
  const { t, f } = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [length, setLength] = useState(0);
  const busy = useRef(false);
  const accept = useMutation({
    mutationFn: (given: { name?: string; password: string; code?: string }) =>
      ask(api.POST('/api/v1/auth/invitation', { body: { token, ...given } })),
    onSuccess: async () => {
      queries.clear();
      await welcome(queries);
      await navigate({ to: '/campaigns', search: {} });
    },
  });
  // Once the server has asked for it, it stays.
  const needsCode = useSticky(accept.isError && problemOf(accept.error).code === 'second_factor_needed');
  const send = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy.current) return;
    busy.current = true;
    const form = new FormData(event.currentTarget);
    const password = textOf(form, 'password');
    const code = textOf(form, 'code').trim();
    await accept
      .mutateAsync({ password, ...(name === null ? { name: textOf(form, 'name') } : {}), ...(code === '' ? {} : { code }) })
      .catch(() => undefined);
    busy.current = false;
  };
  return (
    <Door
      title={name === null ? t('setup.title') : t('invitation.for', { name })}
      sub={name === null ? t('setup.words') : t('invitation.until', { when: f.moment(expiresAt) })}
    >
      <form onSubmit={(event) => void send(event)}>
        {accept.isError && !(needsCode && accept.variables.code === undefined) && (
          <div className="sec-note">
            <ProblemNotice error={accept.error} title={t('auth.not-in')} />
          </div>
        )}
        <Field label={t('auth.your-name')} hint={t('auth.your-name-hint')}>
          {(control) => (
            <input
              {...control}
              name="name"
              type="text"
              autoComplete="username"
              required
              maxLength={100}
              defaultValue={name ?? ''}
              readOnly={name !== null}
              autoFocus={name === null}
            />
          )}
        </Field>
        <NewPassword label={t('auth.new-password')} autoFocus={name !== null} onLength={setLength} />
        <p className={`t12 ${length >= PASSWORD_MIN ? 'ok' : 'q'}`} role="status">
          {length >= PASSWORD_MIN ? (
            <>
              <Icon name="tick" /> {t('auth.password-good', { count: length })}
            </>
          ) : (
            t('auth.password-more', { count: PASSWORD_MIN - length })
          )}
        </p>
        {needsCode && <CodeField autoFocus />}
        <Button type="submit" kind="primary" wide>
          {t('invitation.enter')}
        </Button>
      </form>
    </Door>
  );
}

/** Becomes true and stays it. */
function useSticky(now: boolean): boolean {
  const was = useRef(false);
  if (now) was.current = true;
  return was.current;
}
