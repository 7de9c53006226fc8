import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { Draft } from './draft.ts';
import { preflightQuery } from './queries.ts';

/** What would be sent is not what was looked at: both are shown, and the new one is confirmed or not. */
export function ChangedVersion({ draft, preflight }: { readonly draft: Draft; readonly preflight: Schemas['Preflight'] }) {
  const { t, f } = useWords();
  const client = useQueryClient();
  const [problem, setProblem] = useState<unknown>(null);
  const { changed, version } = preflight;
  if (changed === null || version === null) return null;
  const { id } = draft.campaign;
  const confirm = async (): Promise<void> => {
    setProblem(null);
    try {
      await ask(api.POST('/api/v1/campaigns/{id}/confirm', { params: { path: { id } }, body: { version } }));
      await client.invalidateQueries({ queryKey: preflightQuery(id).queryKey });
    } catch (error) {
      setProblem(error);
    }
  };
  const body = (components: unknown): string => {
    const parts: unknown[] = Array.isArray(components) ? components : [];
    const found = parts.find(
      (part): part is { text: string } =>
        typeof part === 'object' && part !== null && 'text' in part && 'type' in part && part.type === 'BODY',
    );
    return found?.text ?? '';
  };
  return (
    <Notice
      tone="warn"
      title={t('review.changed')}
      actions={
        <Button onPress={confirm} kind="primary">
          {t('review.confirm')}
        </Button>
      }
    >
      <p>{t('review.changed-words', { what: f.list(changed.differences.map((one) => t(`review.changed-${one}`))) })}</p>
      <dl className="kv">
        <dt>{t('review.seen')}</dt>
        <dd className="pre">{`${changed.seen.template_name} · ${changed.seen.category}\n${body(changed.seen.components)}`}</dd>
        <dt>{t('review.now')}</dt>
        <dd className="pre">{`${changed.now.template_name} · ${changed.now.category}\n${body(changed.now.components)}`}</dd>
      </dl>
      {problem !== null && <ProblemNotice error={problem} />}
    </Notice>
  );
}
