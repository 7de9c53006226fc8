import type { ReactNode } from 'react';

/** Nothing here: why, and how it gets filled. */
export function Empty({
  title,
  children,
  actions,
}: {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {typeof children === 'string' ? <p>{children}</p> : children}
      {actions !== undefined && <div className="acts">{actions}</div>}
    </div>
  );
}
