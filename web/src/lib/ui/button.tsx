import { type ButtonHTMLAttributes, type ReactNode, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> {
  readonly children: ReactNode;
  readonly icon?: string | undefined;
  readonly kind?: 'primary' | 'danger' | 'danger-primary' | 'ghost' | undefined;
  readonly size?: 'small' | 'large' | undefined;
  readonly wide?: boolean;
  /** The key that does the same. */
  readonly shortcut?: string | undefined;
  /** Why it is off: shown beside it, and it is then off. */
  readonly off?: string | undefined;
  /** While it works the button takes no second press. */
  readonly onPress?: (() => unknown) | undefined;
}

const KINDS = { primary: ' pri', danger: ' bad', 'danger-primary': ' bad pri', ghost: ' ghost' } as const;

export function buttonClass({ kind, size, wide }: Pick<ButtonProps, 'kind' | 'size' | 'wide'>): string {
  const sized = size === 'small' ? ' sm' : size === 'large' ? ' lg' : '';
  return `btn${kind === undefined ? '' : KINDS[kind]}${sized}${wide === true ? ' wide' : ''}`;
}

export function Button({
  children,
  icon,
  kind,
  size,
  wide,
  shortcut,
  off,
  onPress,
  type = 'button',
  disabled,
  ...rest
}: ButtonProps) {
  const [busy, setBusy] = useState(false);
  // State comes a moment late for the second press of a double click.
  const working = useRef(false);
  const isOff = off !== undefined || disabled === true || busy;
  const press = async (): Promise<void> => {
    if (isOff || working.current || onPress === undefined) return;
    working.current = true;
    setBusy(true);
    try {
      await onPress();
    } finally {
      working.current = false;
      setBusy(false);
    }
  };
  return (
    <button
      {...rest}
      type={type}
      className={buttonClass({ kind, size, wide: wide ?? false })}
      // Not `disabled`: a button that is off keeps the focus and can say why.
      aria-disabled={isOff || undefined}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
      title={off ?? rest.title}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else if (onPress !== undefined) void press();
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
      {shortcut !== undefined && <kbd className="hide-s">{shortcut}</kbd>}
    </button>
  );
}
