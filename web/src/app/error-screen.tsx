import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { Empty } from '../lib/ui/empty.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';

/** A screen that broke: the rest of the page, and the sending, go on. */
export function ErrorScreen({ error, reset }: ErrorComponentProps) {
  const { t } = useWords();
  const router = useRouter();
  return (
    <div className="alone">
      <ProblemNotice
        error={error}
        title={t('error.screen')}
        retry={async () => {
          reset();
          await router.invalidate();
        }}
      />
    </div>
  );
}

export function NotFoundScreen() {
  const { t } = useWords();
  return (
    <div className="alone">
      <Empty title={t('error.nothing-here')}>
        <p>
          {t('error.nothing-here-why')} <Link to="/">{t('nav.campaigns')}</Link>
        </p>
      </Empty>
    </div>
  );
}
