import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { Draft } from './draft.ts';

/** The files whose people are on the list; one can be taken off again as long as nothing has left. */
export function ListedFiles({ draft }: { readonly draft: Draft }) {
  const { t, rich, f } = useWords();
  const client = useQueryClient();
  const { campaign, files } = draft;
  const [asked, setAsked] = useState<number>();
  const [problem, setProblem] = useState<unknown>(null);
  const remove = async (): Promise<void> => {
    if (asked === undefined) return;
    setProblem(null);
    try {
      const path = { id: campaign.id, upload_id: asked };
      await ask(api.DELETE('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path } }));
    } catch (error) {
      setProblem(error);
    }
    setAsked(undefined);
    await client.invalidateQueries({ queryKey: ['campaigns', campaign.id] });
  };
  return (
    <section>
      <p className="boss">{rich('people.on-the-list', { count: campaign.by_status.pending })}</p>
      {problem !== null && <ProblemNotice error={problem} title={t('people.not-removed')} />}
      <table className="tight fold part">
        <thead>
          <tr>
            <th scope="col">{t('people.file')}</th>
            <th scope="col" className="num">
              {t('people.people')}
            </th>
            <th scope="col" className="num">
              {t('people.left-out')}
            </th>
            <th scope="col">
              <span className="sr">{t('people.action')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr key={file.upload_id}>
              <td>
                <Icon name="file" /> <b className="wrap-any">{file.filename ?? t('people.pasted')}</b>
                <div className="t12 q">{f.moment(file.published_at ?? file.created_at)}</div>
              </td>
              <td className="num" data-k={t('people.people')}>
                {f.number(file.valid_rows)}
              </td>
              <td className="num q2" data-k={t('people.left-out')}>
                {file.total_rows === file.valid_rows ? (
                  '0'
                ) : (
                  <a
                    href={`/api/v1/campaigns/${String(campaign.id)}/uploads/${String(file.upload_id)}/rejected.csv?separator=semicolon`}
                    download
                  >
                    {f.number(file.total_rows - file.valid_rows)}
                  </a>
                )}
              </td>
              <td className="num">
                <Button size="small" onPress={() => setAsked(file.upload_id)}>
                  {t('people.remove')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked !== undefined && (
        <Dialog
          title={t('people.remove-title')}
          onClose={() => setAsked(undefined)}
          actions={
            <>
              <Button onPress={() => setAsked(undefined)}>{t('action.back')}</Button>
              <Button kind="danger" onPress={remove}>
                {t('people.remove-yes')}
              </Button>
            </>
          }
        >
          {t('people.remove-words')}
        </Dialog>
      )}
    </section>
  );
}
