/** Keys that act on the page. A screen says which it knows (useShortcut); `?` shows them. None acts while one writes or a dialog is open. */
import { useEffect, useRef } from 'react';
import { createStore, useStore } from '../store.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key`, with `Shift+` in front where it is held. */
  readonly keys: string;
  readonly words: string;
}

const known = createStore<readonly (Shortcut & { readonly act: () => void })[]>([]);

export function useShortcut(keys: string, words: string, act: () => void, isOn = true): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!isOn) return;
    const shortcut = { keys, words, act: () => latest.current() };
    known.set([...known.get(), shortcut]);
    return () => known.set(known.get().filter((other) => other !== shortcut));
  }, [keys, words, isOn]);
}

export function useShortcuts(): readonly Shortcut[] {
  return useStore(known);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function listenToShortcuts(): () => void {
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isWriting(event.target) || document.querySelector('dialog[open]') !== null) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const keys = event.shiftKey && event.key.length > 1 ? `Shift+${key}` : key;
    // The latest wins: what lies on top of the page.
    const shortcut = known.get().findLast((one) => one.keys.toLowerCase() === keys.toLowerCase());
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.act();
  };
  document.addEventListener('keydown', listen);
  return () => document.removeEventListener('keydown', listen);
}
