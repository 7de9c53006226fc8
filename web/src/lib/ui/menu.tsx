import { type ReactNode, useId, useRef } from 'react';
import { Icon } from './icon.tsx';

/** A button that opens a short list of buttons or links, on the browser's own popover: Escape and a press elsewhere close it. */
export function Menu({
  label,
  icon,
  children,
}: {
  readonly label: ReactNode;
  readonly icon?: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const place = (): void => {
    const [box, from] = [list.current, opener.current?.getBoundingClientRect()];
    if (box === null || from === undefined) return;
    box.style.top = `${String(from.bottom + 4)}px`;
    box.style.left = `${String(Math.max(8, Math.min(from.left, window.innerWidth - box.offsetWidth - 8)))}px`;
  };
  return (
    <>
      <button ref={opener} type="button" className="btn" popoverTarget={id}>
        {icon !== undefined && <Icon name={icon} />}
        {label}
        <Icon name="down" />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        className="menu"
        onToggle={(event) => {
          if (event.newState !== 'open') return;
          place();
          list.current?.querySelector<HTMLElement>('button, a')?.focus();
        }}
        onClick={() => list.current?.hidePopover()}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          const items = [...(list.current?.querySelectorAll<HTMLElement>('button, a') ?? [])];
          const at = items.findIndex((item) => item === document.activeElement);
          items[(at + (event.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length]?.focus();
        }}
      >
        {children}
      </div>
    </>
  );
}
