import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { welcome } from '../lib/session.ts';
import { useWords } from '../lib/words.ts';
import { Door } from './door.tsx';
import { LoginForm } from './login-form.tsx';

export function Login() {
  const { t, rich } = useWords();
  const queries = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: '/login' });
  return (
    <Door title={t('auth.title')}>
      <LoginForm
        wide
        submit={t('auth.enter')}
        onDone={async () => {
          await welcome(queries);
          // Only an address of this page: whoever sends a link must not lead a person elsewhere with it.
          const safe = next?.startsWith('/') === true && !next.startsWith('//') ? next : '/campaigns';
          router.history.push(safe);
        }}
      />
      <p className="t13 q2 door-foot">{rich('auth.forgotten', {}, { code: (text) => <code>{text}</code> })}</p>
    </Door>
  );
}
