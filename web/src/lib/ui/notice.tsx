import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface NoticeProps {
  readonly tone?: 'bad' | 'warn' | 'ok' | 'info';
  readonly icon?: string;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** For whoever needs it: last and small. */
  readonly code?: ReactNode;
  /** `alert` is read out at once; the rest waits its turn. */
  readonly live?: 'alert' | 'status';
}

const ICONS = { bad: 'alert', warn: 'alert', ok: 'tick', info: 'info' } as const;

/** What happened, what it means here, what to do. */
export function Notice({ tone = 'info', icon, title, children, actions, code, live }: NoticeProps) {
  return (
    <div className={`note ${tone === 'info' ? '' : tone}`} role={live}>
      <Icon name={icon ?? ICONS[tone]} />
      <div>
        {title !== undefined && <h2>{title}</h2>}
        {typeof children === 'string' ? <p>{children}</p> : children}
        {actions !== undefined && <div className="acts">{actions}</div>}
        {code !== undefined && <div className="code">{code}</div>}
      </div>
    </div>
  );
}
