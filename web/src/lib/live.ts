/**
 * Live updates: one stream a tab (a browser grants six connections to a server, over all its tabs), of all campaigns, or of the one
 * that is open. Each event is a state, not a change, so nothing can be missed: after a break the first one brings everything.
 * A hidden tab gives its connection back and takes it again when it is looked at.
 */
import { useEffect } from 'react';
import { type Schemas } from './api.ts';
import { queryClient } from './query.ts';
import { createStore } from './store.ts';

export interface LiveState {
  readonly now: 'connecting' | 'live' | 'offline';
  /** Since when nothing has come; set while offline. */
  readonly since: Date | undefined;
}

export const liveState = createStore<LiveState>({ now: 'connecting', since: undefined });

interface CampaignList {
  readonly data: readonly Schemas['Campaign'][];
}
interface ListEvent {
  readonly type: 'snapshot' | 'update';
  readonly campaigns: readonly Schemas['Campaign'][];
  readonly gone: readonly number[];
}
type OneEvent = { readonly type: 'snapshot' | 'update' } & Schemas['CampaignStats'];

const RETRY_MS = 5_000;
const HIDDEN_MS = 10_000;

let source: EventSource | undefined;
let campaign: number | undefined;
let isWanted = false;
let lastSeen = new Date();
let retry: ReturnType<typeof setTimeout> | undefined;
let hiding: ReturnType<typeof setTimeout> | undefined;

function open(): void {
  close();
  if (!isWanted || document.visibilityState === 'hidden') return;
  const path = campaign === undefined ? '/api/v1/events/campaigns/stream' : `/api/v1/events/campaigns/${String(campaign)}/stream`;
  const opened = new EventSource(path);
  source = opened;
  opened.onopen = () => seen();
  opened.onmessage = (message: MessageEvent<string>) => {
    seen();
    take(JSON.parse(message.data) as ListEvent | OneEvent);
  };
  opened.onerror = () => {
    lost();
    // The browser tries again by itself unless it was refused.
    if (opened.readyState === EventSource.CLOSED) retry = setTimeout(open, RETRY_MS);
    // Asks whether the session is still there: a stream cannot say why it was refused.
    void queryClient.invalidateQueries({ queryKey: ['me'] });
  };
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

function seen(): void {
  lastSeen = new Date();
  if (liveState.get().now !== 'live') {
    // What the stream does not carry may have changed meanwhile.
    if (liveState.get().now === 'offline') void queryClient.invalidateQueries();
    liveState.set({ now: 'live', since: undefined });
  }
}

function lost(): void {
  if (liveState.get().now !== 'offline') liveState.set({ now: 'offline', since: lastSeen });
}

function take(event: ListEvent | OneEvent): void {
  if ('campaigns' in event) takeList(event);
  else takeOne(event);
}

function takeList({ type, campaigns, gone }: ListEvent): void {
  const changed = new Map(campaigns.map((one) => [one.id, one]));
  let unknown = gone.length > 0;
  const known = new Set<number>();
  queryClient.setQueriesData<CampaignList>({ queryKey: ['campaigns', 'list'] }, (list) => {
    if (list === undefined) return list;
    for (const one of list.data) known.add(one.id);
    return { ...list, data: list.data.map((one) => changed.get(one.id) ?? one) };
  });
  for (const one of campaigns) {
    const before = queryClient.getQueryData<Schemas['Campaign']>(['campaigns', one.id]);
    if (before !== undefined) queryClient.setQueryData(['campaigns', one.id], one);
    // A new one, or one that now belongs to another filter.
    if (type === 'update' && !known.has(one.id)) unknown = true;
  }
  if (unknown) void queryClient.invalidateQueries({ queryKey: ['campaigns', 'list'] });
}

function takeOne({ type, ...stats }: OneEvent): void {
  const before = queryClient.getQueryData<Schemas['CampaignStats']>(['campaigns', stats.id, 'stats']);
  queryClient.setQueryData(['campaigns', stats.id, 'stats'], stats);
  if (type === 'snapshot' || before?.status !== stats.status)
    void queryClient.invalidateQueries({ queryKey: ['campaigns', stats.id], exact: true });
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(hiding);
  if (document.visibilityState === 'hidden') hiding = setTimeout(close, HIDDEN_MS);
  else if (source === undefined || source.readyState === EventSource.CLOSED) open();
});

/** For as long as the page is open: the list of campaigns stays true. */
export function useLive(): void {
  useEffect(() => {
    isWanted = true;
    open();
    return () => {
      isWanted = false;
      close();
    };
  }, []);
}

/** While one campaign is looked at its own stream takes the place of the list's. It fills ['campaigns', id, 'stats']. */
export function useLiveCampaign(id: number): void {
  useEffect(() => {
    campaign = id;
    if (isWanted) open();
    return () => {
      campaign = undefined;
      if (isWanted) open();
    };
  }, [id]);
}
