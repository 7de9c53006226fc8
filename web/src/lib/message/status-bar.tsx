import type { ReactNode } from 'react';
import type { Schemas } from '../api.ts';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words.ts';
import { BAR_ORDER, type MessageStatus, SIGNS } from './status.ts';

/** One person, one place: every message of a campaign, always in the same order. */
export function StatusBar({ counts, big }: { readonly counts: Schemas['ByStatus']; readonly big?: boolean }) {
  const { t, f } = useWords();
  const parts = BAR_ORDER.filter((status) => counts[status] > 0);
  const words = parts.map((status) => `${t(`messages.${status}`)} ${f.number(counts[status])}`);
  return (
    <div
      className={big === true ? 'bar big' : 'bar'}
      role="img"
      aria-label={words.length === 0 ? t('bar.nobody') : words.join(', ')}
    >
      {parts.map((status) => (
        <span key={status} className={`f-${status}`} style={{ flex: `${String(counts[status])} 0 0` }} />
      ))}
    </div>
  );
}

export interface LegendProps {
  readonly counts: Schemas['ByStatus'];
  /** Makes each entry a way to these people. */
  readonly link?: (status: MessageStatus, inside: ReactNode) => ReactNode;
}

/** The bar in words and numbers; a place with nobody in it stays, so that nothing jumps. */
export function StatusLegend({ counts, link }: LegendProps) {
  const { t, f } = useWords();
  return (
    <ul className="legend">
      {BAR_ORDER.map((status) => {
        const inside = (
          <>
            <span className={`key f-${status}`} />
            <Icon name={SIGNS[status]} />
            <span>{t(`messages.${status}`)}</span>
            <b>{f.number(counts[status])}</b>
          </>
        );
        return (
          <li key={status} className={counts[status] === 0 ? 'zero' : undefined}>
            {link === undefined ? <span className="entry">{inside}</span> : link(status, inside)}
          </li>
        );
      })}
    </ul>
  );
}

const SHOWN: readonly MessageStatus[] = ['read', 'delivered', 'sent', 'accepted', 'failed', 'skipped', 'pending'];

/** What the colours of a list of bars mean. */
export function StatusKeys() {
  const { t } = useWords();
  return (
    <span className="t12 q keys">
      <span className="sr">{t('bar.colours')}</span>
      {SHOWN.map((status) => (
        <span className="nowrap" key={status}>
          <span className={`key f-${status}`} /> {t(`message.${status}`).toLowerCase()}
        </span>
      ))}
    </span>
  );
}
