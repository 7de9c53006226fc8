import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../lib/api.ts';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { chartQuery } from './queries.ts';
import { type ChartMinute, type Drawing, drawingOf, LINES, minutesOf } from './rate-drawing.ts';

const WIDE = { width: 660, height: 272, right: 92 } as const;
const NARROW = { width: 358, height: 220, right: 84 } as const;

/** Messages a second, minute by minute; each line is named at its end. */
export function RateChart({ id, stats }: { readonly id: number; readonly stats: Schemas['CampaignStats'] }) {
  const { t, f } = useWords();
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch } = useQuery(chartQuery(id, stats.open_outcomes > 0 || stats.status === 'running'));
  const minutes = minutesOf(data?.data ?? []);
  const [first] = minutes;
  return (
    <section>
      <div className="sec-head">
        <h2>{first === undefined ? t('chart.title') : t('chart.title-since', { when: f.moment(first.minute) })}</h2>
        {minutes.length > 0 && (
          <div className="right">
            <button type="button" className="lk" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {t(asTable ? 'chart.as-picture' : 'chart.as-table')}
            </button>
          </div>
        )}
      </div>
      {error !== null && <ProblemNotice error={error} title={t('chart.not-fetched')} retry={refetch} />}
      {data !== undefined && minutes.length === 0 && <p className="q2 after-16">{t('chart.nothing')}</p>}
      {minutes.length > 0 &&
        (asTable ? (
          <MinuteTable minutes={minutes} />
        ) : (
          <>
            <div className="hide-s chart-box">
              <Picture drawing={drawingOf(minutes, WIDE)} />
            </div>
            <div className="only-s chart-box">
              <Picture drawing={drawingOf(minutes, NARROW)} />
            </div>
          </>
        ))}
    </section>
  );
}

function Picture({ drawing }: { readonly drawing: Drawing }) {
  const { t, f } = useWords();
  const { width, height, left, right, bottom, levels, times, lines } = drawing;
  return (
    <svg
      className="chart"
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      role="img"
      aria-label={t('chart.words', { list: f.list(lines.map(({ key, latest }) => `${t(`chart.${key}`)} ${f.number(latest)}`)) })}
    >
      {levels.map(({ y, value }) => (
        <g key={value}>
          <line className="gl" x1={left} x2={right} y1={y} y2={y} />
          <text x={left - 6} y={y + 4} textAnchor="end">
            {f.number(value)}
          </text>
        </g>
      ))}
      {times.map(({ x, at }) => (
        <text key={at} x={x} y={bottom + 16} textAnchor="middle">
          {f.time(at)}
        </text>
      ))}
      {lines.map(({ key, path, labelY }) => (
        <g key={key}>
          <path className={`c-${LINES[key]}`} d={path} />
          <text className={`lb a-${LINES[key]}`} x={right + 6} y={labelY}>
            {t(`chart.${key}`)}
          </text>
        </g>
      ))}
    </svg>
  );
}

function MinuteTable({ minutes }: { readonly minutes: readonly ChartMinute[] }) {
  const { t, f } = useWords();
  return (
    <div className="scroll chart-table" tabIndex={0} role="region" aria-label={t('chart.as-table')}>
      <table className="tight">
        <thead>
          <tr>
            <th scope="col">{t('chart.minute')}</th>
            {Object.keys(LINES).map((key) => (
              <th scope="col" className="num" key={key}>
                {t(`chart.${key}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {minutes.toReversed().map((one) => (
            <tr key={one.minute}>
              <td>{f.moment(one.minute)}</td>
              <td className="num">{f.number(one.accepted)}</td>
              <td className="num">{f.number(one.delivered)}</td>
              <td className="num">{f.number(one.read)}</td>
              <td className="num">{f.number(one.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
