import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ask, problemOf, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { LinkButton } from '../lib/ui/link-button.tsx';
import { useWords } from '../lib/words.ts';

/** Only where one is due: what runs can be paused from here, what waits for somebody leads there. */
export function RowAction({ campaign }: { readonly campaign: Schemas['Campaign'] }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const may = useMay('send');
  const { id, name, status } = campaign;
  const pause = useMutation({
    mutationFn: () => ask(api.POST('/api/v1/campaigns/{id}/pause', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  if (status === 'draft')
    return (
      <LinkButton to="/campaigns/$id/edit" params={{ id }} search={{}} size="small" aria-label={t('row.go-on-of', { name })}>
        {t('row.go-on')}
      </LinkButton>
    );
  if (campaign.attention !== null || status === 'paused')
    return (
      <LinkButton to="/campaigns/$id" params={{ id }} search={{}} size="small" aria-label={t('row.look-of', { name })}>
        {t('row.look')}
      </LinkButton>
    );
  if (status !== 'running' || !may) return null;
  return (
    <>
      <Button
        size="small"
        icon="pause"
        aria-label={t('row.pause-of', { name })}
        onPress={() => pause.mutateAsync().catch(() => undefined)}
      >
        {t('one.pause')}
      </Button>
      {pause.isError && (
        <p className="t12 bad" role="alert">
          {problemOf(pause.error).message}
        </p>
      )}
    </>
  );
}
