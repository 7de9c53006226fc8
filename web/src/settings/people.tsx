import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { api, ask } from '../lib/api.ts';
import { useMe } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords } from '../lib/words.ts';
import { InviteDialog, type Link, LinkNotice } from './invite.tsx';
import { type Person, peopleQuery, ROLES, type Role } from './queries.ts';

export function People() {
  const { t } = useWords();
  const { data, error, isPending, refetch } = useQuery(peopleQuery);
  const [invites, setInvites] = useState(false);
  const [link, setLink] = useState<Link>();
  return (
    <section>
      <div className="sec-head">
        <h2>{t('settings.who')}</h2>
        <div className="right">
          <Button kind="primary" size="small" icon="plus" onPress={() => setInvites(true)}>
            {t('settings.invite')}
          </Button>
        </div>
      </div>
      {link !== undefined && <LinkNotice link={link} />}
      {error !== null && <ProblemNotice error={error} retry={refetch} />}
      {isPending && <Loading words={t('settings.loading-people')} />}
      {data !== undefined && (
        <table className="fold">
          <thead>
            <tr>
              <th scope="col">{t('settings.name')}</th>
              <th scope="col">{t('settings.role')}</th>
              <th scope="col">{t('settings.state')}</th>
              <th scope="col" className="num">
                {t('settings.last-login')}
              </th>
              <th scope="col">
                <span className="sr">{t('settings.action')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((person) => (
              <PersonRow key={person.id} person={person} onLink={setLink} />
            ))}
          </tbody>
        </table>
      )}
      <dl className="kv facts roles">
        {ROLES.map((role) => (
          <div className="pair" key={role}>
            <dt>{t(`role.${role}`)}</dt>
            <dd>{t(`role.${role}-may`)}</dd>
          </div>
        ))}
      </dl>
      {invites && (
        <InviteDialog
          onClose={() => setInvites(false)}
          onInvited={(made) => {
            setLink(made);
            setInvites(false);
          }}
        />
      )}
    </section>
  );
}

const STATES = {
  active: { icon: 'tick', tone: 'ok' },
  invited: { icon: 'clock', tone: '' },
  disabled: { icon: 'minus', tone: 'cancelled' },
} as const;

function PersonRow({ person, onLink }: { readonly person: Person; readonly onLink: (link: Link) => void }) {
  const { t } = useWords();
  const me = useMe();
  const queries = useQueryClient();
  const [asks, setAsks] = useState(false);
  const isMe = me?.kind === 'person' && me.id === person.id;
  const change = useMutation({
    mutationFn: (body: { role?: Role; disabled?: boolean }) =>
      ask(api.PUT('/api/v1/people/{id}', { params: { path: { id: person.id } }, body })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
    onSuccess: () => setAsks(false),
  });
  const renew = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/people/{id}/invitation', { params: { path: { id: person.id } } })),
    onSuccess: (made) => onLink({ name: made.name, url: made.invitation_url, until: made.invitation_expires_at }),
  });
  const takeFactor = useMutation({
    mutationFn: () => ask(api.DELETE('/api/v1/people/{id}/second-factor', { params: { path: { id: person.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
    onSuccess: () => setLostPhone(false),
  });
  const [lostPhone, setLostPhone] = useState(false);
  const { icon, tone } = STATES[person.status];
  const problem = change.error ?? renew.error ?? takeFactor.error;
  return (
    <>
      <tr>
        <td>
          <b className="name">{person.name}</b> {isMe && <span className="t12 q">{t('settings.you')}</span>}
        </td>
        <td data-k={t('settings.role')}>
          {isMe ? (
            t(`role.${person.role}`)
          ) : (
            <select
              className="sm"
              aria-label={t('settings.role-of', { name: person.name })}
              value={person.role}
              onChange={(event) => change.mutate({ role: event.target.value as Role })}
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {t(`role.${role}`)}
                </option>
              ))}
            </select>
          )}
        </td>
        <td data-k={t('settings.state')}>
          <span className={`st ${tone}`}>
            <Icon name={icon} />
            {t(`settings.state-${person.status}`)}
          </span>
          {person.second_factor && (
            <div className="t12 q">
              {t('settings.with-factor')}{' '}
              {!isMe && (
                <button type="button" className="lk" onClick={() => setLostPhone(true)}>
                  {t('settings.lost-phone')}
                </button>
              )}
            </div>
          )}
        </td>
        <td className="num q" data-k={t('settings.last-login')}>
          <When at={person.last_login_at} />
        </td>
        <td className="num">
          <span className="row wrap end">
            {person.status !== 'disabled' && !isMe && (
              <Button
                size="small"
                kind="ghost"
                icon="link"
                aria-label={t('settings.new-link-for', { name: person.name })}
                onPress={() => renew.mutateAsync().catch(() => undefined)}
              >
                {t('settings.new-link')}
              </Button>
            )}
            {!isMe && person.status !== 'disabled' && (
              <Button
                size="small"
                kind="ghost"
                aria-label={t('settings.disable-of', { name: person.name })}
                onPress={() => setAsks(true)}
              >
                {t('settings.disable')}
              </Button>
            )}
            {person.status === 'disabled' && (
              <Button
                size="small"
                aria-label={t('settings.enable-of', { name: person.name })}
                onPress={() => change.mutateAsync({ disabled: false }).catch(() => undefined)}
              >
                {t('settings.enable')}
              </Button>
            )}
          </span>
        </td>
      </tr>
      {problem !== null && (
        <tr>
          <td colSpan={5}>
            <ProblemNotice error={problem} title={t('settings.not-changed', { name: person.name })} />
          </td>
        </tr>
      )}
      {lostPhone &&
        createPortal(
          <Dialog
            title={t('settings.lost-title', { name: person.name })}
            onClose={() => setLostPhone(false)}
            actions={
              <>
                <Button onPress={() => setLostPhone(false)}>{t('action.back')}</Button>
                <Button kind="danger-primary" onPress={() => takeFactor.mutateAsync().catch(() => setLostPhone(false))}>
                  {t('settings.lost-now')}
                </Button>
              </>
            }
          >
            {t('settings.lost-words')}
          </Dialog>,
          document.body,
        )}
      {asks &&
        // Out of the table: a row holds only cells.
        createPortal(
          <Dialog
            title={t('settings.disable-title', { name: person.name })}
            onClose={() => setAsks(false)}
            actions={
              <>
                <Button onPress={() => setAsks(false)}>{t('action.back')}</Button>
                <Button kind="danger-primary" onPress={() => change.mutateAsync({ disabled: true }).catch(() => setAsks(false))}>
                  {t('settings.disable-now')}
                </Button>
              </>
            }
          >
            {t('settings.disable-words')}
          </Dialog>,
          document.body,
        )}
    </>
  );
}
