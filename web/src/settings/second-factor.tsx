import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { encode } from 'uqr';
import { api, ask } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { CodeField } from '../lib/ui/new-password.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { factorQuery } from './queries.ts';

/** Besides the password a code of the phone: whoever learns the password alone does not get in. */
export function SecondFactor() {
  const { t, f } = useWords();
  const { data, error, refetch } = useQuery(factorQuery);
  const [asks, setAsks] = useState<'begin' | 'renew' | 'disable'>();
  const [codes, setCodes] = useState<readonly string[]>();
  const done = (made?: readonly string[]): void => {
    setAsks(undefined);
    setCodes(made);
  };
  return (
    <section>
      <div className="sec-head">
        <h2>{t('factor.title')}</h2>
        {data !== undefined && (
          <div className="right">
            <span className={data.enabled ? 'st ok' : 'st'}>
              <Icon name={data.enabled ? 'tick' : 'minus'} />
              {t(data.enabled ? 'factor.on' : 'factor.off')}
            </span>
          </div>
        )}
      </div>
      {error !== null && <ProblemNotice error={error} retry={refetch} />}
      {codes !== undefined && <RecoveryCodes codes={codes} />}
      {data?.enabled === false && (
        <div className="narrow">
          <p className="q2 after-head">{t('factor.words')}</p>
          <div className="acts">
            <Button icon="phone" onPress={() => setAsks('begin')}>
              {t('factor.begin')}
            </Button>
          </div>
        </div>
      )}
      {data?.enabled === true && (
        <div className="narrow">
          <p className="q2 after-head">
            {t('factor.since', { when: data.enabled_at === null ? '' : f.moment(data.enabled_at) })}{' '}
            {t('factor.codes-left', { count: data.recovery_codes_left })}
          </p>
          <div className="acts row wrap">
            <Button onPress={() => setAsks('renew')}>{t('factor.renew')}</Button>
            <Button kind="danger" onPress={() => setAsks('disable')}>
              {t('factor.disable')}
            </Button>
          </div>
        </div>
      )}
      {asks === 'begin' && <Begin onClose={() => setAsks(undefined)} onDone={done} />}
      {asks === 'renew' && <Renew onClose={() => setAsks(undefined)} onDone={done} />}
      {asks === 'disable' && <Disable onClose={() => setAsks(undefined)} onDone={done} />}
    </section>
  );
}

/** Shown this once: each logs in one time in the place of the phone. */
function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const { t } = useWords();
  return (
    <div className="sec-note">
      <Notice tone="ok" icon="key" live="status" title={t('factor.codes-title')}>
        <p>{t('factor.codes-words')}</p>
        <ul className="codes mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

interface StepProps {
  readonly onClose: () => void;
  readonly onDone: (codes?: readonly string[]) => void;
}

function useDone(onDone: StepProps['onDone']) {
  const queries = useQueryClient();
  return async (codes?: readonly string[]): Promise<void> => {
    await queries.invalidateQueries({ queryKey: factorQuery.queryKey });
    onDone(codes);
  };
}

function Begin({ onClose, onDone }: StepProps) {
  const { t } = useWords();
  const done = useDone(onDone);
  const begin = useMutation({
    mutationFn: (password: string) => ask(api.POST('/api/v1/auth/second-factor', { body: { password } })),
  });
  const confirm = useMutation({
    mutationFn: (code: string) => ask(api.POST('/api/v1/auth/second-factor/confirm', { body: { code } })),
    onSuccess: ({ recovery_codes: codes }) => done(codes),
  });
  const secret = begin.data;
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    if (secret === undefined) begin.mutate(textOf(form, 'current'));
    else confirm.mutate(textOf(form, 'code'));
  };
  const problem = begin.error ?? confirm.error;
  return (
    <Dialog title={t('factor.begin-title')} onClose={onClose}>
      <form onSubmit={send}>
        {problem !== null && <ProblemNotice error={problem} title={t('factor.not-done')} />}
        {secret === undefined ? (
          <CurrentPassword />
        ) : (
          <>
            <p>{t('factor.scan')}</p>
            <QrCode text={secret.otpauth_url} />
            <p className="t13">
              {t('factor.by-hand')} <code className="wrap-any">{secret.secret.match(/.{1,4}/g)?.join(' ')}</code>
            </p>
            <CodeField autoFocus />
          </>
        )}
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={begin.isPending || confirm.isPending}>
            {t(secret === undefined ? 'factor.go-on' : 'factor.confirm')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Renew({ onClose, onDone }: StepProps) {
  const { t } = useWords();
  const done = useDone(onDone);
  const renew = useMutation({
    mutationFn: (code: string) => ask(api.POST('/api/v1/auth/second-factor/recovery-codes', { body: { code } })),
    onSuccess: ({ recovery_codes: codes }) => done(codes),
  });
  return (
    <Dialog title={t('factor.renew-title')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          renew.mutate(textOf(new FormData(event.currentTarget), 'code'));
        }}
      >
        <p>{t('factor.renew-words')}</p>
        {renew.isError && <ProblemNotice error={renew.error} title={t('factor.not-done')} />}
        <CodeField autoFocus />
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={renew.isPending}>
            {t('factor.renew')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Disable({ onClose, onDone }: StepProps) {
  const { t } = useWords();
  const done = useDone(onDone);
  const disable = useMutation({
    mutationFn: (body: { password: string; code: string }) => ask(api.POST('/api/v1/auth/second-factor/disable', { body })),
    onSuccess: () => done(),
  });
  return (
    <Dialog title={t('factor.disable-title')} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          disable.mutate({ password: textOf(form, 'current'), code: textOf(form, 'code') });
        }}
      >
        <p>{t('factor.disable-words')}</p>
        {disable.isError && <ProblemNotice error={disable.error} title={t('factor.not-done')} />}
        <CurrentPassword />
        <CodeField />
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="danger-primary" disabled={disable.isPending}>
            {t('factor.disable-now')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function CurrentPassword() {
  const { t } = useWords();
  return (
    <Field label={t('me.current')}>
      {(control) => (
        <input {...control} name="current" type="password" autoComplete="current-password" required maxLength={500} autoFocus />
      )}
    </Field>
  );
}

const MARGIN = 4;

/** Black on white in both themes: a camera reads nothing else. */
function QrCode({ text }: { readonly text: string }) {
  const { t } = useWords();
  const { data, size } = encode(text, { border: 0 });
  const squares = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${String(x + MARGIN)} ${String(y + MARGIN)}h1v1h-1z`] : [])),
  );
  const side = String(size + 2 * MARGIN);
  return (
    <svg className="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('factor.qr')}>
      <rect width={side} height={side} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
