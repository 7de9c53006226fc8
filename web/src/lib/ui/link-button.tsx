import { createLink, type LinkComponent } from '@tanstack/react-router';
import type { AnchorHTMLAttributes } from 'react';
import { type ButtonProps, buttonClass } from './button.tsx';
import { Icon } from './icon.tsx';

interface Props
  extends AnchorHTMLAttributes<HTMLAnchorElement>,
    Pick<ButtonProps, 'kind' | 'size' | 'wide' | 'icon' | 'shortcut'> {}

function Anchor({ kind, size, wide, icon, shortcut, children, ...rest }: Props) {
  return (
    <a {...rest} className={buttonClass({ kind, size, wide: wide ?? false })} aria-keyshortcuts={shortcut}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
      {shortcut !== undefined && <kbd className="hide-s">{shortcut}</kbd>}
    </a>
  );
}

const Made = createLink(Anchor);

/** A link to another screen that looks like a button. */
export const LinkButton: LinkComponent<typeof Anchor> = (props) => <Made {...props} />;
