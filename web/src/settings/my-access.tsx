import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SubmitEvent } from 'react';
import { api, ask } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { useMe } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { LanguageChoice, ThemeButton } from '../lib/ui/choices.tsx';
import { Field } from '../lib/ui/field.tsx';
import { NewPassword } from '../lib/ui/new-password.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';

/** One's own password and sessions. */
export function MyAccess() {
  const { t } = useWords();
  const me = useMe();
  if (me === undefined) return null;
  return (
    <>
      <section>
        <div className="sec-head">
          <h2>{t('me.page')}</h2>
        </div>
        <div className="row after-head">
          <LanguageChoice /> <ThemeButton />
        </div>
      </section>
      {me.kind === 'person' ? <OwnAccess name={me.name} /> : <p className="q2 sec">{t('me.no-person', { name: me.name })}</p>}
    </>
  );
}

function OwnAccess({ name }: { readonly name: string }) {
  const { t } = useWords();
  return (
    <>
      <section>
        <div className="sec-head">
          <h2>{t('me.password')}</h2>
        </div>
        <ChangePassword name={name} />
      </section>
      <SecondFactor />
      <Sessions />
      <EndSessions />
    </>
  );
}

function ChangePassword({ name }: { readonly name: string }) {
  const { t } = useWords();
  const change = useMutation({
    mutationFn: (body: { current_password: string; password: string }) => ask(api.POST('/api/v1/auth/password', { body })),
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (change.isPending) return;
    const element = event.currentTarget;
    const form = new FormData(element);
    change.mutate(
      { current_password: textOf(form, 'current'), password: textOf(form, 'password') },
      { onSuccess: () => element.reset() },
    );
  };
  return (
    <form className="narrow" onSubmit={send}>
      {change.isSuccess && (
        <div className="sec-note">
          <Notice tone="ok" live="status" title={t('me.changed')}>
            {t('me.changed-words')}
          </Notice>
        </div>
      )}
      {change.isError && (
        <div className="sec-note">
          <ProblemNotice error={change.error} title={t('me.not-changed')} />
        </div>
      )}
      {/* For password managers, which want to know whose it is. */}
      <input type="text" name="username" autoComplete="username" defaultValue={name} hidden />
      <Field label={t('me.current')}>
        {(control) => (
          <input {...control} name="current" type="password" autoComplete="current-password" required maxLength={500} />
        )}
      </Field>
      <NewPassword label={t('me.new')} />
      <div className="acts">
        <Button type="submit" kind="primary" disabled={change.isPending}>
          {t('me.change')}
        </Button>
      </div>
    </form>
  );
}

function EndSessions() {
  const { t } = useWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const end = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/auth/logout-everywhere')),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: '/login', search: {} });
    },
  });
  return (
    <div className="narrow">
      <p className="q2 after-head">{t('me.sessions-words')}</p>
      {end.isError && <ProblemNotice error={end.error} />}
      <div className="acts">
        <Button onPress={() => end.mutateAsync().catch(() => undefined)}>{t('me.end-all')}</Button>
      </div>
    </div>
  );
}
