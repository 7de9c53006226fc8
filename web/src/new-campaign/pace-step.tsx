import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { statusQuery } from '../lib/status.ts';
import { Loading } from '../lib/ui/loading.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import { type Draft, durationOf, useTyped } from './draft.ts';
import { preflightQuery } from './queries.ts';

/** When, how fast, and what it costs at most. */
export function PaceStep({ draft }: { readonly draft: Draft }) {
  return (
    <>
      <When />
      <Pace draft={draft} />
      <Batches draft={draft} />
      <Cost draft={draft} />
    </>
  );
}

/** Chosen here, done by the last button: a draft with a time would start by itself before anybody has looked at it. */
function When() {
  const { t, f } = useWords();
  const { at } = useSearch({ from: '/shell/campaigns/$id/edit' });
  const navigate = useNavigate({ from: '/campaigns/$id/edit' });
  const choose = (time: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, at: time }), replace: true });
  return (
    <section>
      <h2>{t('pace.when')}</h2>
      <fieldset>
        <legend className="sr">{t('pace.when')}</legend>
        <label className="choice">
          <input type="radio" name="when" checked={at === undefined} onChange={() => choose(undefined)} />
          <span>
            <b>{t('pace.at-once')}</b>
          </span>
        </label>
        <label className="choice">
          <input type="radio" name="when" checked={at !== undefined} onChange={() => choose(tomorrowAt8())} />
          <span className="grow">
            <b>{t('pace.at-a-time')}</b>
            <span className="t12 q line">{t('pace.zone', { zone: f.zoneName })}</span>
          </span>
        </label>
      </fieldset>
      {at !== undefined && (
        <p className="row wrap indent">
          <input
            type="date"
            aria-label={t('pace.date')}
            value={at.slice(0, 10)}
            onChange={(event) => {
              if (event.target.value !== '') choose(`${event.target.value}T${at.slice(11)}`);
            }}
          />
          <input
            type="time"
            aria-label={t('pace.hour')}
            value={at.slice(11)}
            onChange={(event) => {
              if (event.target.value !== '') choose(`${at.slice(0, 10)}T${event.target.value.slice(0, 5)}`);
            }}
          />
        </p>
      )}
    </section>
  );
}

function tomorrowAt8(): string {
  const day = new Date(Date.now() + 86_400_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(day.getFullYear())}-${two(day.getMonth() + 1)}-${two(day.getDate())}T08:00`;
}

function Pace({ draft }: { readonly draft: Draft }) {
  const { t, f } = useWords();
  const { campaign } = draft;
  const { data: status } = useQuery(statusQuery);
  const allowed = status?.pace?.messages_per_second;
  const [isSlower, setSlower] = useState(campaign.messages_per_second !== null);
  const rate = useTyped(String(campaign.messages_per_second ?? ''), (text) => {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number) && number > 0) void draft.save({ messages_per_second: number });
  });
  const seconds = durationOf(campaign, allowed);
  return (
    <section className="part">
      <h2>{t('pace.how-fast')}</h2>
      <fieldset>
        <legend className="sr">{t('pace.how-fast')}</legend>
        <label className="choice">
          <input
            type="radio"
            name="pace"
            checked={!isSlower}
            onChange={() => {
              setSlower(false);
              void draft.save({ messages_per_second: null });
            }}
          />
          <span>
            <b>
              {allowed === undefined
                ? t('pace.all-the-number-may')
                : t('pace.all-the-number-may-of', { rate: f.number(Math.round(allowed)) })}
            </b>
            <span className="q2">{t('pace.adapts')}</span>
          </span>
        </label>
        <label className="choice">
          <input type="radio" name="pace" checked={isSlower} onChange={() => setSlower(true)} />
          <span>
            <b>{t('pace.slower')}</b>
            <span className="q2">{t('pace.slower-words')}</span>
          </span>
        </label>
      </fieldset>
      {isSlower && (
        <label className="row wrap indent">
          <input className="sm short" type="number" min={0.1} max={100_000} step="any" {...rate} />
          {t('pace.per-second')}
        </label>
      )}
      {seconds !== undefined && campaign.by_status.pending > 0 && (
        <p className="t13 q2">{t('pace.takes', { duration: f.duration(seconds) })}</p>
      )}
    </section>
  );
}

function Batches({ draft }: { readonly draft: Draft }) {
  const { t } = useWords();
  const { campaign } = draft;
  const size = useTyped(String(campaign.batch_size ?? 500), (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number > 0) void draft.save({ batch_size: number });
  });
  const minutes = useTyped(String(campaign.delay_between_batches / 60), (text) => {
    const number = Number(text);
    if (text !== '' && Number.isFinite(number) && number >= 0 && number <= 1440)
      void draft.save({ delay_between_batches: Math.round(number * 60) });
  });
  const isOn = campaign.batch_size !== null;
  return (
    <section>
      <label className="choice">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) =>
            void draft.save(
              event.target.checked
                ? { batch_size: Number(size.value) || 500, delay_between_batches: Math.round(Number(minutes.value) * 60) || 300 }
                : { batch_size: null, delay_between_batches: 0 },
            )
          }
        />
        <span>
          <b>{t('pace.batches')}</b>
          <span className="q2">{t('pace.batches-words')}</span>
        </span>
      </label>
      {isOn && (
        <p className="row wrap indent">
          <label className="row">
            <input className="sm short" type="number" min={1} {...size} />
            {t('pace.people-each')}
          </label>
          <label className="row">
            <input className="sm short" type="number" min={0} max={1440} step="any" {...minutes} />
            {t('pace.minutes-between')}
          </label>
        </p>
      )}
    </section>
  );
}

function Cost({ draft }: { readonly draft: Draft }) {
  const { t, f } = useWords();
  const { data, error, isPending, refetch } = useQuery(preflightQuery(draft.campaign.id));
  const currency = data?.currency ?? draft.campaign.currency;
  return (
    <section className="part">
      <div className="sec-head">
        <h2>{t('cost.title')}</h2>
        <span className="t13 q">{t('cost.only-delivered')}</span>
      </div>
      {isPending && <Loading words={t('cost.loading')} rows={3} />}
      {error !== null && <ProblemNotice error={error} retry={refetch} />}
      {data !== undefined && (data.recipients === 0 || data.estimated_cost === null) && (
        <p className="q2 part">{t(data.recipients === 0 ? 'cost.nobody' : 'cost.unknown')}</p>
      )}
      {data !== undefined && data.recipients > 0 && data.estimated_cost !== null && (
        <table className="tight">
          <thead>
            <tr>
              <th scope="col">{t('cost.market')}</th>
              <th scope="col" className="num">
                {t('people.people')}
              </th>
              <th scope="col" className="num">
                {t('cost.each')}
              </th>
              <th scope="col" className="num">
                {currency}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.cost_by_market.map(({ market, recipients, cost_each, cost }) => (
              <tr key={market}>
                <td>{market}</td>
                <td className="num">{f.number(recipients)}</td>
                <td className="num">{f.money(cost_each, currency, 4).replace(currency, '').trim()}</td>
                <td className="num">{f.money(cost, currency).replace(currency, '').trim()}</td>
              </tr>
            ))}
            <tr className="sum">
              <td>{t('cost.total')}</td>
              <td className="num">{f.number(data.recipients)}</td>
              <td />
              <td className="num">{f.money(data.estimated_cost, currency).replace(currency, '').trim()}</td>
            </tr>
          </tbody>
        </table>
      )}
    </section>
  );
}
