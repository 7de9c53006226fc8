import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words.ts';
import { type MessageStatus, SIGNS } from './status.ts';

export function StatusBadge({ status }: { readonly status: MessageStatus }) {
  const { t } = useWords();
  return (
    <span className={`st ${status}`}>
      <Icon name={SIGNS[status]} />
      {t(`message.${status}`)}
    </span>
  );
}
