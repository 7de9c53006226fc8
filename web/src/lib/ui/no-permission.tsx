import type { Scope } from '../session.ts';
import { useWords } from '../words.ts';
import { Icon } from './icon.tsx';

/** Beside what is off: it can be seen and not touched, and who can change that. */
export function NoPermission({ needs }: { readonly needs: Scope }) {
  const { t } = useWords();
  return (
    <p className="t13 q2">
      <Icon name="lock" /> {t(needs === 'admin' ? 'permission.admin' : 'permission.operate')}
    </p>
  );
}
