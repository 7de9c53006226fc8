import { useState } from 'react';
import { useWords } from '../words.ts';
import { Button } from './button.tsx';

/** Puts a text on the clipboard and says that it did. */
export function CopyButton({
  text,
  label,
  field,
}: {
  readonly text: string;
  readonly label?: string /** Shown beside it; selected where the clipboard is closed (http). */;
  readonly field?: React.RefObject<HTMLInputElement | null>;
}) {
  const { t } = useWords();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 3_000);
    } catch {
      field?.current?.select();
    }
  };
  return (
    <Button icon={copied ? 'tick' : 'copy'} onPress={copy}>
      <span aria-live="polite">{copied ? t('action.copied') : (label ?? t('action.copy'))}</span>
    </Button>
  );
}
