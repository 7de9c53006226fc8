import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api, ask, newKey } from '../lib/api.ts';
import { textOf } from '../lib/form.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { SecretNotice } from '../lib/ui/secret-notice.tsx';
import { useWords } from '../lib/words.ts';
import { ROLES, type Role } from './queries.ts';

export interface Link {
  readonly name: string;
  readonly url: string;
  readonly until: string;
}

/** Shown once: it is not kept anywhere, and whoever has it can set the password. */
export function LinkNotice({ link }: { readonly link: Link }) {
  const { t, f } = useWords();
  return (
    <SecretNotice
      icon="link"
      title={t('settings.link-title', { name: link.name })}
      words={t('settings.link-words', { when: f.moment(link.until) })}
      label={t('settings.link-label')}
      secret={link.url}
    />
  );
}

export function InviteDialog({ onClose, onInvited }: { readonly onClose: () => void; readonly onInvited: (link: Link) => void }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [key, setKey] = useState(newKey);
  const invite = useMutation({
    mutationFn: (body: { name: string; role: Role }) =>
      ask(api.POST('/api/v1/people', { body, headers: { 'idempotency-key': key } })),
    // What was refused may be sent again with another name: that is another act.
    onError: () => setKey(newKey()),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['people'] });
      onInvited({ name: made.name, url: made.invitation_url, until: made.invitation_expires_at });
    },
  });
  const send = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (invite.isPending) return;
    const form = new FormData(event.currentTarget);
    const role = ROLES.find((one) => one === textOf(form, 'role')) ?? 'viewer';
    invite.mutate({ name: textOf(form, 'name'), role });
  };
  return (
    <Dialog title={t('settings.invite-title')} onClose={onClose}>
      <form onSubmit={send}>
        {invite.isError && <ProblemNotice error={invite.error} title={t('settings.not-invited')} />}
        <Field label={t('settings.name')}>
          {(control) => <input {...control} name="name" type="text" required maxLength={100} autoFocus />}
        </Field>
        <fieldset className="field">
          <legend className="label">{t('settings.role')}</legend>
          {ROLES.map((role) => (
            <label className="choice" key={role}>
              <input type="radio" name="role" value={role} defaultChecked={role === 'operator'} />
              <span>
                <b>{t(`role.${role}`)}</b>
                <span className="q2">{t(`role.${role}-may`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div className="acts">
          <Button onPress={onClose}>{t('action.back')}</Button>
          <Button type="submit" kind="primary" disabled={invite.isPending}>
            {t('settings.make-link')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
