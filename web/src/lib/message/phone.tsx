import type { ReactNode } from 'react';
import { useWords } from '../words.ts';

/** The chat with the business, as on the person's phone; bubbles stand in it. */
export function Phone({
  name,
  label,
  children,
}: {
  readonly name: string /** For screen readers: what is shown. */;
  readonly label: string;
  readonly children: ReactNode;
}) {
  const { t } = useWords();
  return (
    <div className="phone" role="group" aria-label={label}>
      <div className="wa-top">
        <span className="ava" aria-hidden="true">
          {name.slice(0, 2).toUpperCase()}
        </span>
        <span className="grow">
          <span className="cut">{name}</span>
          <small>{t('bubble.business-account')}</small>
        </span>
      </div>
      <div className="chat">
        <span className="day">{t('bubble.today')}</span>
        {children}
      </div>
    </div>
  );
}
