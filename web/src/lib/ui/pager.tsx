import { useWords } from '../words.ts';
import { Button } from './button.tsx';

/** Which of them are shown, and the way to the others; nothing where all fit. */
export function Pager({
  page,
  size,
  total,
  onPage,
}: {
  /** The first is 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}) {
  const { t, f } = useWords();
  if (total <= size) return null;
  const [from, to] = [(page - 1) * size + 1, Math.min(total, page * size)];
  return (
    <div className="pager">
      <span>{t('pager.where', { from: f.number(from), to: f.number(to), total: f.number(total) })}</span>
      <Button size="small" icon="left" disabled={page === 1} onPress={() => onPage(page - 1)}>
        {t('pager.previous')}
      </Button>
      <Button size="small" disabled={to === total} onPress={() => onPage(page + 1)}>
        {t('pager.next')}
      </Button>
    </div>
  );
}
