import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LoginForm } from '../auth/login-form.tsx';
import { useMe } from '../lib/session.ts';
import { sessionExpired } from '../lib/session-expired.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { useWords } from '../lib/words.ts';

/** Over whatever was being done when the session ended: the password again, and one goes on; nothing that was written is lost. */
export function SessionDialog() {
  const { t } = useWords();
  const me = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return (
    <Dialog title={t('session.title')}>
      <p className="q2">{t('session.words')}</p>
      <LoginForm
        name={me?.name}
        submit={t('session.go-on')}
        onDone={async () => {
          sessionExpired.set(false);
          await queries.invalidateQueries();
        }}
        beside={
          <Button
            onPress={async () => {
              sessionExpired.set(false);
              queries.clear();
              await navigate({ to: '/login', search: {} });
            }}
          >
            {t('auth.leave')}
          </Button>
        }
      />
    </Dialog>
  );
}
