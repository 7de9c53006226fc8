import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api, ask, newKey } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Field } from '../lib/ui/field.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { Screen } from '../lib/ui/screen.tsx';
import { useWords } from '../lib/words.ts';

/** A campaign begins with nothing but a name. */
export function NewCampaign() {
  const { t } = useWords();
  const navigate = useNavigate();
  const may = useMay('write');
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  // One key for the form: pressed again after a lost answer, it is still one campaign.
  const key = useRef(newKey());
  const make = async (): Promise<void> => {
    setProblem(null);
    try {
      const made = await ask(
        api.POST('/api/v1/campaigns', { params: { header: { 'idempotency-key': key.current } }, body: { name: name.trim() } }),
      );
      await navigate({ to: '/campaigns/$id/edit', params: { id: made.id }, search: { step: 'message' }, replace: true });
    } catch (error) {
      key.current = newKey();
      setProblem(error);
    }
  };
  return (
    <Screen
      title={t('new.title')}
      crumb={
        <Link to="/campaigns" search={{}}>
          {t('campaigns.title')}
        </Link>
      }
    >
      {problem !== null && <ProblemNotice error={problem} title={t('new.not-made')} />}
      {!may && <NoPermission needs="write" />}
      <form
        className="new-name"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        <Field label={t('new.name')} hint={t('new.name-hint')}>
          {(control) => (
            <input
              {...control}
              name="name"
              type="text"
              value={name}
              maxLength={200}
              autoFocus
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" kind="primary" onPress={make} disabled={name.trim() === '' || !may}>
          {t('new.begin')}
        </Button>
        <p className="t13 q2">{t('new.nothing-leaves')}</p>
      </form>
    </Screen>
  );
}
