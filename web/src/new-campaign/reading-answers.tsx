import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, ask } from '../lib/api.ts';
import { Button } from '../lib/ui/button.tsx';
import { Field } from '../lib/ui/field.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { COUNTRIES } from './countries.ts';
import type { DryRun } from './draft.ts';
import { dryRunQuery } from './queries.ts';

const ENCODINGS = ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be', 'macintosh', 'cp850', 'gb18030'] as const;
const DELIMITERS = ['comma', 'semicolon', 'tab', 'pipe'] as const;

export interface ReadingAnswersProps {
  readonly campaignId: number;
  readonly dryRun: DryRun;
  readonly onDone: () => void;
}

/** What was understood of the file, each of it to be put right; "found by itself" leaves it to the program. */
export function ReadingAnswers({ campaignId, dryRun, onDone }: ReadingAnswersProps) {
  const { t, f } = useWords();
  const client = useQueryClient();
  const [answers, setAnswers] = useState(dryRun.answers);
  const [problem, setProblem] = useState<unknown>(null);
  const isText = dryRun.format === null || dryRun.format === 'csv';
  const columns = dryRun.columns.length > 0 ? dryRun.columns.map(({ name }) => name) : (dryRun.problem?.columns ?? []);
  const countries = useMemo(
    () => COUNTRIES.map((code) => ({ code, name: f.countryName(code) })).sort((a, b) => a.name.localeCompare(b.name)),
    [f],
  );
  const give = (key: keyof DryRun['answers'], value: string): void =>
    setAnswers((before) => ({ ...before, [key]: value === '' ? undefined : key === 'heading_row' ? Number(value) : value }));
  const readAgain = async (): Promise<void> => {
    setProblem(null);
    try {
      const body = {
        encoding: answers.encoding ?? null,
        delimiter: answers.delimiter ?? null,
        sheet: answers.sheet ?? null,
        heading_row: answers.heading_row ?? null,
        phone_column: answers.phone_column ?? null,
        country_column: answers.country_column ?? null,
        default_country: answers.default_country ?? null,
      };
      const path = { id: campaignId, upload_id: dryRun.upload_id };
      const read = await ask(api.PATCH('/api/v1/campaigns/{id}/uploads/{upload_id}', { params: { path }, body }));
      client.setQueryData(dryRunQuery(campaignId, dryRun.upload_id).queryKey, read);
      await client.invalidateQueries({ queryKey: ['campaigns', campaignId, 'dry-run', dryRun.upload_id, 'rows'] });
      if (read.status === 'ready') onDone();
    } catch (error) {
      setProblem(error);
    }
  };
  const select = (key: keyof DryRun['answers'], options: readonly { readonly value: string; readonly label: string }[]) => (
    <Field label={t(`reading.${key}`)}>
      {(control) => (
        <select {...control} name={key} value={String(answers[key] ?? '')} onChange={(event) => give(key, event.target.value)}>
          <option value="">{t('reading.found')}</option>
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  const plain = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  return (
    <section className="reading" aria-label={t('people.correct')}>
      {problem !== null && <ProblemNotice error={problem} title={t('people.not-read')} />}
      <div className="reading-grid">
        {isText && select('encoding', plain(ENCODINGS))}
        {isText &&
          select(
            'delimiter',
            DELIMITERS.map((value) => ({ value, label: t(`people.delimiter-${value}`) })),
          )}
        {dryRun.sheets.length > 1 && select('sheet', plain(dryRun.sheets.map(({ name }) => name)))}
        <Field label={t('reading.heading_row')}>
          {(control) => (
            <input
              {...control}
              type="number"
              min={0}
              max={1_000_000}
              placeholder={t('reading.found')}
              value={answers.heading_row ?? ''}
              onChange={(event) => give('heading_row', event.target.value)}
            />
          )}
        </Field>
        {columns.length > 0 && select('phone_column', plain(columns))}
        {columns.length > 0 && select('country_column', plain(columns))}
        {select(
          'default_country',
          countries.map(({ code, name }) => ({ value: code, label: name })),
        )}
      </div>
      <Button kind="primary" onPress={readAgain}>
        {t('people.read-again')}
      </Button>
    </section>
  );
}
