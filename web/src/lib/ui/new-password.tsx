import { useWords } from '../words.ts';
import { Field } from './field.tsx';

/** Shorter ones the server refuses. */
export const PASSWORD_MIN = 10;

export function NewPassword({
  label,
  autoFocus = false,
  onLength,
}: {
  readonly label: string;
  readonly autoFocus?: boolean;
  readonly onLength?: (length: number) => void;
}) {
  const { t } = useWords();
  return (
    <Field label={label} hint={t('auth.new-password-hint', { min: PASSWORD_MIN })}>
      {(control) => (
        <input
          {...control}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN}
          maxLength={500}
          autoFocus={autoFocus}
          onChange={(event) => onLength?.(event.target.value.length)}
        />
      )}
    </Field>
  );
}

/** Six figures of the app, or one of the codes that were printed. */
export function CodeField({ autoFocus = false }: { readonly autoFocus?: boolean }) {
  const { t } = useWords();
  return (
    <Field label={t('auth.code')} hint={t('auth.code-hint')}>
      {(control) => (
        <input
          {...control}
          name="code"
          type="text"
          autoComplete="one-time-code"
          autoCapitalize="off"
          spellCheck={false}
          required
          minLength={6}
          maxLength={40}
          autoFocus={autoFocus}
        />
      )}
    </Field>
  );
}
