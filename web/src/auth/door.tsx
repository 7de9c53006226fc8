import { type ReactNode, useEffect } from 'react';
import { facts } from '../lib/facts.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

/** The frame of the screens before the shell: login, invitation. */
export function Door({
  title,
  sub,
  children,
}: {
  readonly title: string;
  readonly sub?: ReactNode;
  readonly children: ReactNode;
}) {
  const { rich } = useWords();
  useEffect(() => {
    document.title = `${title} · ${facts.name}`;
  }, [title]);
  return (
    <main id="main" tabIndex={-1}>
      <div className="door">
        <span className="brand">{facts.name}</span>
        <h1>{title}</h1>
        {sub !== undefined && <p className="sub">{sub}</p>}
        {children}
        {facts.mode === 'sandbox' && (
          <p className="t13 q2 door-foot">
            <Icon name="info" /> {rich('door.sandbox')}
          </p>
        )}
      </div>
    </main>
  );
}
