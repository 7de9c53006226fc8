/** A campaign that is being made, and the way its changes are kept: after each of them, one after the other, and again once the way is free. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, ask, type Schemas } from '../lib/api.ts';
import { sessionExpired } from '../lib/session-expired.ts';
import { campaignQuery } from './queries.ts';

export type Campaign = Schemas['Campaign'];
export type Template = Schemas['Template'];
export type DryRun = Schemas['UploadDraft'];
export type Changes = Schemas['CampaignChanges'];
export type Source = { readonly column: string } | { readonly value: string };

export interface Draft {
  readonly campaign: Campaign;
  /** The chosen one, once the list of templates is here. */
  readonly template: Template | undefined;
  /** A file that has been read and waits to be put on the list. */
  readonly dryRun: DryRun | undefined;
  /** Files whose people are on the list. */
  readonly files: readonly Schemas['Upload'][];
  readonly save: Save;
}

/** Says whether it is kept now; what is not stays and is sent again. */
export type Save = (changes: Changes) => Promise<boolean>;

export interface Saving {
  readonly save: Save;
  readonly state: 'saved' | 'saving' | 'failed';
  readonly error: unknown;
  readonly again: () => Promise<boolean>;
}

export function useSaving(id: number): Saving {
  const client = useQueryClient();
  const [state, setState] = useState<Saving['state']>('saved');
  const [error, setError] = useState<unknown>(null);
  const waiting = useRef<Changes>({});
  const line = useRef(Promise.resolve(true));

  const send = useCallback(async (): Promise<boolean> => {
    const body = waiting.current;
    if (Object.keys(body).length === 0) return true;
    waiting.current = {};
    setState('saving');
    try {
      const saved = await ask(api.PUT('/api/v1/campaigns/{id}', { params: { path: { id } }, body }));
      client.setQueryData(campaignQuery(id).queryKey, { ...saved, ...(waiting.current as Partial<Campaign>) });
      void client.invalidateQueries({ queryKey: ['campaigns', id, 'preflight'] });
      setState('saved');
      setError(null);
      return true;
    } catch (problem) {
      waiting.current = { ...body, ...waiting.current };
      setState('failed');
      setError(problem);
      return false;
    }
  }, [client, id]);

  const again = useCallback((): Promise<boolean> => {
    line.current = line.current.then(send);
    return line.current;
  }, [send]);

  const save = useCallback<Save>(
    (changes) => {
      waiting.current = { ...waiting.current, ...changes };
      // Seen at once; the answer puts the server's own in its place.
      client.setQueryData(campaignQuery(id).queryKey, (before) =>
        before === undefined ? before : { ...before, ...(changes as Partial<Campaign>) },
      );
      return again();
    },
    [again, client, id],
  );

  useEffect(() => {
    const retry = (): void => void again();
    const stop = sessionExpired.subscribe(() => {
      if (!sessionExpired.get()) retry();
    });
    const warn = (event: BeforeUnloadEvent): void => {
      if (Object.keys(waiting.current).length > 0) event.preventDefault();
    };
    addEventListener('online', retry);
    addEventListener('beforeunload', warn);
    return () => {
      stop();
      removeEventListener('online', retry);
      removeEventListener('beforeunload', warn);
    };
  }, [again]);

  return { save, state, error, again };
}

/** A value that is kept a moment after the last letter, and at once when the field is left. */
export function useTyped(first: string, keep: (text: string) => void) {
  const [text, setText] = useState(first);
  const kept = useRef(first);
  const latest = useRef(keep);
  latest.current = keep;
  const commit = useCallback((now: string): void => {
    if (now === kept.current) return;
    kept.current = now;
    latest.current(now);
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => commit(text), 700);
    return () => clearTimeout(timer);
  }, [text, commit]);
  return {
    value: text,
    onChange: (event: { readonly target: { readonly value: string } }) => setText(event.target.value),
    onBlur: () => commit(text),
  };
}

export function sourceOf(mapping: Readonly<Record<string, unknown>>, key: string): Source | undefined {
  return mapping[key] as Source | undefined;
}

/** Where each variable is filled from: what a person chose, else what was guessed from the names of the columns. */
export function wholeMapping({ campaign, dryRun }: Pick<Draft, 'campaign' | 'dryRun'>): Readonly<Record<string, Source>> {
  const guessed = (dryRun?.columns ?? []).flatMap(({ name, used_for }) =>
    used_for.map((key): [string, Source] => [key, { column: name }]),
  );
  return { ...Object.fromEntries(guessed), ...(campaign.mapping as Record<string, Source>) };
}

export function valueFrom(source: Source | undefined, row: Readonly<Record<string, string>>): string | undefined {
  if (source === undefined) return undefined;
  return 'value' in source ? source.value : row[source.column];
}

/** Seconds it would take; undefined while nobody knows the pace. */
export function durationOf(campaign: Campaign, numberPace: number | undefined): number | undefined {
  const people = campaign.by_status.pending;
  const pace = Math.min(numberPace ?? Number.POSITIVE_INFINITY, campaign.messages_per_second ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(pace) || pace <= 0) return undefined;
  const pauses =
    campaign.batch_size === null ? 0 : Math.max(0, Math.ceil(people / campaign.batch_size) - 1) * campaign.delay_between_batches;
  return people / pace + pauses;
}
