import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { ColumnTable } from './column-table.tsx';
import { type Draft, type DryRun, wholeMapping } from './draft.ts';
import { DryRunCounts } from './dry-run-counts.tsx';
import { FileDrop } from './file-drop.tsx';
import { ListedFiles } from './listed-files.tsx';
import { dryRunQuery, uploadsQuery } from './queries.ts';
import { ReadingAnswers } from './reading-answers.tsx';
import { RefusedRows } from './refused-rows.tsx';

/** Who gets it: a file, read and looked at before anybody is on the list. */
export function PeopleStep({ draft }: { readonly draft: Draft }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { campaign, dryRun, files } = draft;
  const [adding, setAdding] = useState(false);
  const came = async (read: DryRun): Promise<void> => {
    client.setQueryData(dryRunQuery(campaign.id, read.upload_id).queryKey, read);
    setAdding(false);
    await client.invalidateQueries({ queryKey: uploadsQuery(campaign.id).queryKey });
  };
  if (dryRun !== undefined) return <DryRunView draft={draft} dryRun={dryRun} />;
  return (
    <>
      {files.length > 0 && <ListedFiles draft={draft} />}
      {files.length === 0 || adding ? (
        <FileDrop draft={draft} onRead={came} />
      ) : (
        <p className="part">
          <Button icon="plus" onPress={() => setAdding(true)}>
            {t('people.another-file')}
          </Button>
        </p>
      )}
      {files.length > 0 && draft.template !== undefined && draft.template.variables.length > 0 && <ListedColumns draft={draft} />}
    </>
  );
}

/** Once the people are on the list: what is mapped can still be changed, to columns that every file has. */
function ListedColumns({ draft }: { readonly draft: Draft }) {
  const { files } = draft;
  const common = (files[0]?.columns ?? []).filter((name) => files.every((file) => file.columns.includes(name)));
  return (
    <ColumnTable
      draft={draft}
      columns={common.map((name) => ({ letter: '', name, samples: [], empty: 0 }))}
      onChange={(mapping) => draft.save({ mapping })}
    />
  );
}

function DryRunView({ draft, dryRun }: { readonly draft: Draft; readonly dryRun: DryRun }) {
  const { t, f } = useWords();
  const client = useQueryClient();
  const { campaign } = draft;
  const [problem, setProblem] = useState<unknown>(null);
  const [isCorrecting, setCorrecting] = useState(false);
  const path = { id: campaign.id, upload_id: dryRun.upload_id };
  const again = async (): Promise<void> => {
    setProblem(null);
    try {
      const read = await ask(api.PATCH('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path }, body: {} }));
      client.setQueryData(dryRunQuery(campaign.id, dryRun.upload_id).queryKey, read);
      await client.invalidateQueries({ queryKey: ['campaigns', campaign.id, 'dry-run', dryRun.upload_id, 'rows'] });
    } catch (error) {
      setProblem(error);
    }
  };
  const discard = async (): Promise<void> => {
    setProblem(null);
    try {
      await ask(api.DELETE('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path } }));
      await client.invalidateQueries({ queryKey: uploadsQuery(campaign.id).queryKey });
    } catch (error) {
      setProblem(error);
    }
  };
  const withoutCountry = dryRun.counts_by_cause.find(({ code }) => code === 'phone_without_country')?.rows ?? 0;
  const isBusy = ['receiving', 'reading', 'publishing'].includes(dryRun.status);
  return (
    <>
      <section>
        <div className="row wrap file-head">
          <h2 className="row">
            <Icon name="file" />
            <span className="cut">{dryRun.filename ?? t('people.pasted')}</span>
          </h2>
          <span className="t13 q">
            {t('people.file-size', { rows: f.number(dryRun.total_rows), bytes: f.bytes(dryRun.bytes) })}
          </span>
          <span className="push">
            <Button size="small" onPress={discard}>
              {t('people.other-file')}
            </Button>
          </span>
        </div>
        {dryRun.status === 'ready' && <HowRead dryRun={dryRun} onCorrect={() => setCorrecting(!isCorrecting)} />}
      </section>
      {problem !== null && <ProblemNotice error={problem} />}
      {isBusy && (
        <p className="q2" role="status">
          {t(dryRun.status === 'publishing' ? 'people.publishing' : 'people.reading-rows', { count: dryRun.rows_read })}
        </p>
      )}
      {dryRun.status === 'interrupted' && (
        <Notice tone="warn" title={t('people.interrupted')} actions={<Button onPress={again}>{t('people.read-again')}</Button>}>
          {t('people.interrupted-words')}
        </Notice>
      )}
      {dryRun.status === 'unreadable' && (
        <Notice tone="warn" live="status" title={t('people.unreadable')}>
          {dryRun.problem?.detail ?? ''}
        </Notice>
      )}
      {withoutCountry > 0 && dryRun.default_country === null && !isCorrecting && (
        <Notice
          tone="warn"
          live="status"
          title={t('people.which-country')}
          actions={<Button onPress={() => setCorrecting(true)}>{t('people.choose-country')}</Button>}
        >
          {t('people.which-country-words', { count: withoutCountry })}
        </Notice>
      )}
      {(isCorrecting || dryRun.status === 'unreadable') && (
        <ReadingAnswers campaignId={campaign.id} dryRun={dryRun} onDone={() => setCorrecting(false)} />
      )}
      {dryRun.status === 'ready' && <DryRunCounts dryRun={dryRun} />}
      {draft.template === undefined && <Notice tone="info">{t('people.no-template')}</Notice>}
      {draft.template !== undefined && draft.template.variables.length > 0 && !isBusy && (
        <ColumnTable
          draft={draft}
          columns={
            dryRun.columns.length > 0
              ? dryRun.columns
              : (dryRun.problem?.columns ?? []).map((name) => ({ letter: '', name, samples: [], empty: 0 }))
          }
          onChange={async (mapping) => {
            if (await draft.save({ mapping })) await again();
          }}
        />
      )}
      {dryRun.status === 'ready' && <RefusedRows campaignId={campaign.id} dryRun={dryRun} />}
    </>
  );
}

function HowRead({ dryRun, onCorrect }: { readonly dryRun: DryRun; readonly onCorrect: () => void }) {
  const { t, rich, f } = useWords();
  const { format, encoding, delimiter, sheet, heading_row, phone_column, default_country, columns } = dryRun;
  const letter = columns.find(({ name }) => name === phone_column)?.letter ?? '';
  const parts = [
    format === 'csv'
      ? rich('people.read-as-text', { encoding: encoding ?? '', delimiter: t(`people.delimiter-${delimiter ?? 'comma'}`) })
      : rich('people.read-as-sheet', { sheet: sheet ?? '' }),
    heading_row === 0 ? t('people.no-heading') : rich('people.heading-in', { row: String(heading_row ?? 1) }),
    rich('people.phone-in', { column: `${letter} «${phone_column ?? ''}»` }),
    default_country === null ? '' : rich('people.country-is', { country: f.countryName(default_country) }),
  ];
  return (
    <p className="t13 q2">
      {parts.map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence, always in this order
        <span key={i}>
          {part}
          {i < parts.length - 1 && parts[i + 1] !== '' ? ', ' : ''}
        </span>
      ))}
      .{' '}
      <button type="button" className="lk" onClick={onCorrect}>
        {t('people.correct')}
      </button>
    </p>
  );
}

/** Puts the people of the file on the list; answers whether they are. */
export function usePublish({ campaign, dryRun }: Draft) {
  const client = useQueryClient();
  const [key] = useState(newKey);
  return async (): Promise<void> => {
    if (dryRun === undefined) return;
    // What was only guessed is what was looked at: from here on it is chosen.
    const mapping = wholeMapping({ campaign, dryRun });
    const path = { id: campaign.id, upload_id: dryRun.upload_id };
    const variables = Object.entries(mapping).filter(([name]) => !['phone', 'other_phone', 'country'].includes(name));
    await ask(
      api.PUT('/api/v1/campaigns/{id}', {
        params: { path: { id: campaign.id } },
        body: { mapping: Object.fromEntries(variables) },
      }),
    );
    await ask(
      api.POST('/api/v1/campaigns/{id}/uploads/{upload_id}/publish', {
        params: { path, header: { 'idempotency-key': `${key}-${String(dryRun.upload_id)}` } },
      }),
    );
    // Not the dry run: it is over, and asking for it again would be refused.
    await client.invalidateQueries({
      queryKey: ['campaigns', campaign.id],
      predicate: ({ queryKey }) => queryKey[2] !== 'dry-run',
    });
  };
}
