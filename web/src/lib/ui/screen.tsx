import { type ReactNode, useEffect } from 'react';
import { facts } from '../facts.ts';

export interface ScreenProps {
  readonly title: string;
  /** What the browser's tab says, when it is more than the title. */
  readonly tab?: string;
  readonly crumb?: ReactNode;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The head every screen has: where one is, the title, what can be done. */
export function Screen({ title, tab, crumb, sub, actions, children }: ScreenProps) {
  useEffect(() => {
    document.title = `${tab ?? title} · ${facts.name}`;
  }, [title, tab]);
  return (
    <>
      {crumb !== undefined && <div className="crumb">{crumb}</div>}
      <div className="head">
        <div>
          <h1>{title}</h1>
          {sub !== undefined && <div className="sub">{sub}</div>}
        </div>
        {actions !== undefined && <div className="acts">{actions}</div>}
      </div>
      {children}
    </>
  );
}
