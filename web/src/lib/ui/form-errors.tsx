import { useEffect, useRef } from 'react';
import { useWords } from '../words.ts';
import { Notice } from './notice.tsx';

export interface FormError {
  /** Name of the control in the form. */
  readonly name: string;
  readonly message: string;
}

/** Above a form that was refused: what to mend, each a way to its field. The focus comes here. */
export function FormErrors({
  errors,
  form,
}: {
  readonly errors: readonly FormError[];
  readonly form: React.RefObject<HTMLFormElement | null>;
}) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div ref={box} tabIndex={-1}>
      <Notice tone="bad" live="alert" title={t('form.to-mend', { count: errors.length })}>
        <ul>
          {errors.map(({ name, message }) => (
            <li key={name}>
              <button
                type="button"
                className="lk"
                onClick={() => {
                  const control = form.current?.elements.namedItem(name);
                  if (control instanceof HTMLElement) control.focus();
                }}
              >
                {message}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
