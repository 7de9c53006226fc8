import { type ReactNode, useEffect, useId, useRef } from 'react';

export interface DialogProps {
  readonly title: ReactNode;
  readonly children?: ReactNode;
  /** Buttons; the first one is the one that does no harm, and has the focus unless a field asks for it (autoFocus). */
  readonly actions?: ReactNode;
  /** Escape, or a press outside. Left out: it can only be answered. */
  readonly onClose?: (() => void) | undefined;
  readonly wide?: boolean;
}

/** Over the page, on the browser's own top layer; the focus stays inside and goes back where it came from. */
export function Dialog({ title, children, actions, onClose, wide }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    if (opened?.open === false) opened.showModal();
    return () => {
      opened?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide === true ? 'dlg wide' : 'dlg'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose?.();
      }}
    >
      <div className="dlg-in">
        <h2 id={heading}>{title}</h2>
        {typeof children === 'string' ? <p>{children}</p> : children}
        {actions !== undefined && <div className="acts">{actions}</div>}
      </div>
    </dialog>
  );
}
