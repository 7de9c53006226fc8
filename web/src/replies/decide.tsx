import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api, ask, newKey } from '../lib/api.ts';
import { phoneWords } from '../lib/phone-words.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Field } from '../lib/ui/field.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useShortcut } from '../lib/ui/shortcuts.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import type { Reply } from './queries.ts';
import { Said, whoWords } from './said.tsx';

/** One reply that may be an opt-out: the words, why it is doubtful, and the three answers. */
export function Decide({
  reply,
  isOpen,
  onOpen,
}: {
  readonly reply: Reply;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const words = useWords();
  return (
    <div className="decide">
      <div>
        <p className="t13 q2">
          <button type="button" className="lk name" aria-pressed={isOpen} onClick={onOpen}>
            <bdi>{whoWords(reply, words)}</bdi>
          </button>{' '}
          {reply.name !== null && reply.phone !== null && <span className="nowrap">{phoneWords(reply.phone)} · </span>}
          <When at={reply.sent_at} />
          {reply.campaign_name !== null && <> · {reply.campaign_name}</>}
        </p>
        <p className="said">
          «<Said reply={reply} />»
        </p>
        {reply.doubtful !== null && (
          <p className="t12 warn">
            <Icon name="ask" /> {reply.doubtful.why}
          </p>
        )}
      </div>
      <DecideButtons reply={reply} shortcuts={isOpen} />
    </div>
  );
}

interface Decision {
  readonly opt_out: boolean;
  readonly scope?: 'all' | 'marketing';
}

/** Also for a reply that was not doubtful: a "no" that only a person understands. */
export function DecideButtons({ reply, shortcuts = false }: { readonly reply: Reply; readonly shortcuts?: boolean }) {
  const { t } = useWords();
  const may = useMay('send');
  const queries = useQueryClient();
  const key = useRef(newKey());
  const [phone, setPhone] = useState('');
  const decide = useMutation({
    mutationFn: (decision: Decision) =>
      ask(
        api.POST('/api/v1/replies/{id}/decide', {
          params: { path: { id: reply.id } },
          headers: { 'idempotency-key': key.current },
          body: { ...decision, ...(phone === '' ? {} : { phone }) },
        }),
      ),
    onError: () => {
      key.current = newKey();
    },
    onSuccess: () =>
      Promise.all(['replies', 'opt-outs', 'status'].map((part) => queries.invalidateQueries({ queryKey: [part] }))),
  });
  const off = may ? undefined : t('permission.operate');
  const isHidden = reply.phone === null;
  const offOut = off ?? (isHidden && phone.trim() === '' ? t('replies.number-first') : undefined);
  const press = (decision: Decision) => () => decide.mutateAsync(decision).catch(() => undefined);
  const isDoubtful = reply.doubtful !== null;
  useShortcut(
    'b',
    t('replies.yes-all'),
    () => void press({ opt_out: true, scope: 'all' })(),
    shortcuts && isDoubtful && offOut === undefined,
  );
  useShortcut('s', t('replies.no'), () => void press({ opt_out: false })(), shortcuts && isDoubtful && may);
  return (
    <div className="decide-acts">
      {isHidden && (
        <Field label={t('replies.number')} hint={t('replies.number-hint')}>
          {(control) => (
            <input {...control} type="text" inputMode="tel" value={phone} onChange={(event) => setPhone(event.target.value)} />
          )}
        </Field>
      )}
      <div className="row wrap end">
        <Button
          size="small"
          off={offOut}
          {...(shortcuts && isDoubtful ? { shortcut: 'B' } : {})}
          onPress={press({ opt_out: true, scope: 'all' })}
        >
          {t('replies.yes-all')}
        </Button>
        <Button size="small" off={offOut} onPress={press({ opt_out: true, scope: 'marketing' })}>
          {t('replies.yes-marketing')}
        </Button>
        {isDoubtful && (
          <Button size="small" off={off} {...(shortcuts ? { shortcut: 'S' } : {})} onPress={press({ opt_out: false })}>
            {t('replies.no')}
          </Button>
        )}
      </div>
      {decide.isError && <ProblemNotice error={decide.error} title={t('replies.not-decided')} />}
    </div>
  );
}
