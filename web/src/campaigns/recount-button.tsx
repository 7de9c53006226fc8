import { useMutation } from '@tanstack/react-query';
import { api, ask, problemOf } from '../lib/api.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

/** Counts the rows again, in one look, and says whether the figures are those. */
export function RecountButton({ id }: { readonly id: number }) {
  const { t, f } = useWords();
  const recount = useMutation({
    mutationFn: () => ask(api.GET('/api/v1/campaigns/{id}/recount', { params: { path: { id } } })),
  });
  return (
    <>
      <button type="button" className="lk" aria-busy={recount.isPending || undefined} onClick={() => recount.mutate()}>
        {t('recount.check')}
      </button>{' '}
      <span role="status">
        {recount.isPending && t('recount.counting')}
        {recount.isError && <span className="bad">{problemOf(recount.error).message}</span>}
        {recount.data?.ok === true && (
          <span className="ok">
            <Icon name="tick" /> {t('recount.right', { time: f.seconds(new Date()) })}
          </span>
        )}
        {recount.data?.ok === false && (
          <span className="bad">
            <Icon name="alert" /> {t('recount.wrong', { count: recount.data.differences.length })}
          </span>
        )}
      </span>
    </>
  );
}
