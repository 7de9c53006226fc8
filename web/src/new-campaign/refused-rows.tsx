import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, problemOf, type Schemas } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { DryRun } from './draft.ts';
import { dryRunQuery, type RowKind, rowsQuery } from './queries.ts';

type Row = Schemas['UploadDraftRow'];

const KINDS = ['invalid', 'duplicate', 'suppressed'] as const;

/** The rows that put nobody on the list: why, and mended where they stand. */
export function RefusedRows({ campaignId, dryRun }: { readonly campaignId: number; readonly dryRun: DryRun }) {
  const { t, f } = useWords();
  const counts: Record<RowKind, number> = {
    invalid: dryRun.invalid_rows,
    duplicate: dryRun.duplicate_rows,
    suppressed: dryRun.suppressed_rows,
  };
  const [wanted, setWanted] = useState<RowKind>();
  const kind = wanted ?? KINDS.find((one) => counts[one] > 0) ?? 'invalid';
  const uploadId = dryRun.upload_id;
  const rows = useInfiniteQuery(rowsQuery({ id: campaignId, uploadId, kind }));
  const shown = rows.data?.pages.flatMap((page) => page.data) ?? [];
  if (dryRun.total_rows === dryRun.valid_rows && shown.length === 0) return null;
  return (
    <section className="part" id="rows">
      <div className="sec-head">
        <h2>{t('rows.title')}</h2>
        {counts.invalid > 0 && (
          <div className="right">
            <a
              href={`/api/v1/campaigns/${String(campaignId)}/uploads/${String(uploadId)}/rejected.csv?separator=semicolon`}
              download
            >
              <Icon name="dl" /> {t('rows.download')}
            </a>
          </div>
        )}
      </div>
      <div className="tabs" role="group" aria-label={t('rows.kind')}>
        {KINDS.map((one) => (
          <button key={one} type="button" aria-pressed={one === kind} onClick={() => setWanted(one)}>
            {t(`rows.${one}`)} <span className="n">{f.number(counts[one])}</span>
          </button>
        ))}
      </div>
      {rows.isPending && <Loading words={t('rows.loading')} rows={4} />}
      {rows.error !== null && <ProblemNotice error={rows.error} retry={rows.refetch} />}
      {rows.isSuccess && shown.length === 0 && <p className="q2 part">{t('rows.none')}</p>}
      {shown.length > 0 && (
        <table className="tight fold rows">
          <thead>
            <tr>
              <th scope="col" className="num">
                {t('rows.excel-row')}
              </th>
              <th scope="col">{t('rows.column')}</th>
              <th scope="col">{t('rows.value')}</th>
              <th scope="col">{t('rows.why')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <RefusedRow key={row.row} path={{ id: campaignId, upload_id: uploadId, row: row.row }} first={row} />
            ))}
          </tbody>
        </table>
      )}
      {rows.hasNextPage && (
        <p className="part">
          <Button onPress={() => rows.fetchNextPage()}>{t('rows.more')}</Button>
        </p>
      )}
    </section>
  );
}

interface RefusedRowProps {
  readonly path: { readonly id: number; readonly upload_id: number; readonly row: number };
  readonly first: Row;
}

function RefusedRow({ path, first }: RefusedRowProps) {
  const { t, f } = useWords();
  const client = useQueryClient();
  const [row, setRow] = useState<Row>(first);
  const [value, setValue] = useState(first.value ?? '');
  const [fault, setFault] = useState('');
  const [isMended, setMended] = useState(false);
  const take = async (call: Promise<Schemas['MendedRow']>): Promise<void> => {
    setFault('');
    try {
      const answer = await call;
      client.setQueryData(dryRunQuery(path.id, path.upload_id).queryKey, answer.upload);
      setMended(answer.accepted);
      if (answer.row !== null) {
        setRow(answer.row);
        if (answer.row.column !== row.column) setValue(answer.row.value ?? '');
      }
    } catch (error) {
      setFault(problemOf(error).message);
    }
  };
  const mend = (text: string): Promise<void> => {
    if (row.column === null) return Promise.resolve();
    setValue(text);
    return take(
      ask(
        api.PUT('/api/v1/campaigns/{id}/uploads/{upload_id}/rows/{row}', {
          params: { path },
          body: { values: { [row.column]: text } },
        }),
      ),
    );
  };
  const include = (): Promise<void> =>
    take(ask(api.POST('/api/v1/campaigns/{id}/uploads/{upload_id}/rows/{row}/include', { params: { path } })));
  const isOpen = first.kind === 'invalid' && row.column !== null;
  const excelRow = f.number(row.excel_row);
  return (
    <tr>
      <td className="num" data-k={t('rows.excel-row')}>
        <b>{excelRow}</b>
      </td>
      <td data-k={t('rows.column')}>{row.column ?? '—'}</td>
      <td>
        {isOpen ? (
          <input
            className="sm row-value"
            type="text"
            aria-label={t('rows.value-of', { column: row.column ?? '', row: excelRow })}
            aria-invalid={!isMended || undefined}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur();
            }}
            onBlur={() => {
              if (value !== (row.value ?? '') || isMended) void mend(value);
            }}
          />
        ) : (
          <span className="wrap-any">{row.value ?? ''}</span>
        )}
      </td>
      <td role="status">
        {isMended ? (
          <span className="ok">
            <Icon name="tick" /> {t('rows.mended')}
          </span>
        ) : (
          <>
            {fault === '' ? row.text : <span className="bad">{fault}</span>}
            {row.suggestion !== null && (
              <div className="acts-line">
                <Button size="small" onPress={() => mend(row.suggestion ?? '')}>
                  {t('rows.take', { value: row.suggestion })}
                </Button>
              </div>
            )}
            {row.may_include && (
              <div className="acts-line">
                <Button size="small" onPress={include}>
                  {t('rows.include')}
                </Button>
              </div>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
