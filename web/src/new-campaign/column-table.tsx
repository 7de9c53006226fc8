import { useState } from 'react';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';
import { type Draft, type Source, sourceOf, type Template, wholeMapping } from './draft.ts';
import { variableName } from './variable-name.ts';

export interface Column {
  readonly letter: string;
  readonly name: string;
  readonly samples: readonly string[];
  readonly empty: number;
}

export interface ColumnTableProps {
  readonly draft: Draft;
  readonly columns: readonly Column[];
  readonly onChange: (mapping: Record<string, Source>) => unknown;
}

/** Which column fills what the template asks for, with a value of the file; a guess is called one. */
export function ColumnTable({ draft, columns, onChange }: ColumnTableProps) {
  const { t } = useWords();
  const chosen = draft.campaign.mapping as Record<string, Source>;
  const whole = wholeMapping(draft);
  const set = (key: string, source: Source | undefined): void => {
    const rest = Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== key));
    onChange(source === undefined ? rest : { ...rest, [key]: source });
  };
  return (
    <section className="part">
      <div className="sec-head">
        <h2>{t('columns.title')}</h2>
      </div>
      <table className="tight fold">
        <thead>
          <tr>
            <th scope="col">{t('columns.asks')}</th>
            <th scope="col">{t('columns.column')}</th>
            <th scope="col">{t('columns.becomes')}</th>
            <th scope="col">{t('columns.empty')}</th>
            <th scope="col">
              <span className="sr">{t('columns.how-sure')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {(draft.template?.variables ?? []).map((variable) => (
            <ColumnRow
              key={variable.key}
              variable={variable}
              columns={columns}
              source={whole[variable.key]}
              isGuess={sourceOf(chosen, variable.key) === undefined}
              onChange={(source) => set(variable.key, source)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ColumnRowProps {
  readonly variable: Template['variables'][number];
  readonly columns: readonly Column[];
  readonly source: Source | undefined;
  readonly isGuess: boolean;
  readonly onChange: (source: Source | undefined) => void;
}

const FIXED = ' fixed';

function ColumnRow({ variable, columns, source, isGuess, onChange }: ColumnRowProps) {
  const { t, f } = useWords();
  const [isFixed, setFixed] = useState(source !== undefined && 'value' in source);
  const [text, setText] = useState(source !== undefined && 'value' in source ? source.value : '');
  const name = variableName(variable, t);
  const column = source !== undefined && 'column' in source ? columns.find((one) => one.name === source.column) : undefined;
  const picked = isFixed ? FIXED : source !== undefined && 'column' in source ? source.column : '';
  const pick = (value: string): void => {
    setFixed(value === FIXED);
    if (value === FIXED) return;
    onChange(value === '' ? undefined : { column: value });
  };
  return (
    <tr>
      <td>
        <b>{name}</b>
        {!variable.required && <span className="t12 q"> {t('columns.optional')}</span>}
      </td>
      <td data-k={t('columns.column')}>
        <select
          className="sm col-pick"
          aria-label={t('columns.for', { name })}
          value={picked}
          onChange={(event) => pick(event.target.value)}
        >
          <option value="">{t('columns.choose')}</option>
          {columns.map((one) => (
            <option key={one.name} value={one.name}>
              {one.letter === '' ? one.name : `${one.letter} · ${one.name}`}
            </option>
          ))}
          <option value={FIXED}>{t('columns.fixed')}</option>
        </select>
        {isFixed && (
          <input
            className="sm col-pick"
            type="text"
            aria-label={t('columns.fixed-for', { name })}
            value={text}
            maxLength={2000}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => {
              if (text !== '') onChange({ value: text });
            }}
          />
        )}
      </td>
      <td data-k={t('columns.becomes')}>{isFixed ? text : (column?.samples[0] ?? '—')}</td>
      <td className="q2" data-k={t('columns.empty')}>
        {column === undefined || isFixed
          ? ''
          : t('columns.empty-count', { count: column.empty, formatted: f.number(column.empty) })}
      </td>
      <td className="num">
        {source === undefined && !isFixed ? (
          variable.required && (
            <span className="guess">
              <Icon name="alert" /> {t('columns.missing')}
            </span>
          )
        ) : isGuess && !isFixed ? (
          <span className="guess">
            <Icon name="ask" /> {t('columns.guess')}
          </span>
        ) : (
          <span className="sure">
            <Icon name="tick" /> {t('columns.chosen')}
          </span>
        )}
      </td>
    </tr>
  );
}
