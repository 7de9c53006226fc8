import { type ReactNode, type SubmitEvent, useRef, useState } from 'react';
import { type ApiProblem, api, ask, problemOf } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { Button } from '../lib/ui/button.tsx';
import { Field } from '../lib/ui/field.tsx';
import { CodeField } from '../lib/ui/new-password.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { useWords } from '../lib/words.ts';

export interface LoginFormProps {
  /** Known when a session is renewed: then only the password is asked. */
  readonly name?: string | undefined;
  readonly submit: string;
  readonly wide?: boolean;
  readonly beside?: ReactNode;
  readonly onDone: () => unknown;
}

export function LoginForm({ name, submit, wide, beside, onDone }: LoginFormProps) {
  const { t } = useWords();
  const [problem, setProblem] = useState<ApiProblem>();
  const password = useRef<HTMLInputElement>(null);
  const [needsCode, setNeedsCode] = useState(false);
  const busy = useRef(false);
  const send = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy.current) return;
    busy.current = true;
    const form = new FormData(event.currentTarget);
    try {
      await ask(
        api.POST('/api/v1/auth/login', {
          body: {
            name: name ?? textOf(form, 'name'),
            password: textOf(form, 'password'),
            ...(needsCode ? { code: textOf(form, 'code') } : {}),
          },
        }),
      );
      setProblem(undefined);
      await onDone();
    } catch (error) {
      const refusal = problemOf(error);
      // The password was right: only now a code is asked for.
      if (refusal.code === 'second_factor_needed' && !needsCode) {
        setProblem(undefined);
        setNeedsCode(true);
        return;
      }
      setProblem(refusal);
      if (needsCode) return;
      password.current?.select();
      password.current?.focus();
    } finally {
      busy.current = false;
    }
  };
  const isWrong = problem?.status === 401 && !needsCode;
  const words = isWrong
    ? t('auth.wrong')
    : problem?.status === 401
      ? t('auth.wrong-code')
      : problem?.code === 'too_many_requests'
        ? t('auth.too-many')
        : problem?.message;
  return (
    <form onSubmit={(event) => void send(event)}>
      {words !== undefined && (
        <div className="sec-note">
          <Notice tone="bad" live="alert" title={t('auth.not-in')}>
            {words}
          </Notice>
        </div>
      )}
      {name === undefined && (
        <Field label={t('auth.name')}>
          {(control) => <input {...control} name="name" type="text" autoComplete="username" required maxLength={100} autoFocus />}
        </Field>
      )}
      <Field
        label={name === undefined ? t('auth.password') : t('auth.password-of', { name })}
        error={isWrong ? t('auth.wrong') : undefined}
      >
        {(control) => (
          <input
            {...control}
            ref={password}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={500}
            autoFocus={name !== undefined}
          />
        )}
      </Field>
      {needsCode && <CodeField autoFocus />}
      <div className={wide === true ? undefined : 'acts'}>
        {beside}
        <Button type="submit" kind="primary" wide={wide === true}>
          {submit}
        </Button>
      </div>
    </form>
  );
}
