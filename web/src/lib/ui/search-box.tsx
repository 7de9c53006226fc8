import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words.ts';
import { Icon } from './icon.tsx';
import { useShortcut } from './shortcuts.tsx';

const PAUSE_MS = 250;

/** Searches while one writes, after a pause; `/` leads here. */
export function SearchBox({
  value,
  label,
  hint,
  onSearch,
}: {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly onSearch: (text: string) => void;
}) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value !== told.current) setText(value);
    told.current = value;
  }, [value]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = setTimeout(() => {
      told.current = text;
      onSearch(text);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onSearch]);
  useShortcut('/', t('shortcut.search'), () => input.current?.focus());
  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        value={text}
        aria-label={label}
        placeholder={hint ?? label}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}
