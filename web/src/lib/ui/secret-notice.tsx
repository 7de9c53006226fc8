import { useRef } from 'react';
import { CopyButton } from './copy-button.tsx';
import { Notice } from './notice.tsx';

/** Something that is shown this once: a key, or a link. */
export function SecretNotice({
  icon,
  title,
  words,
  label,
  secret,
}: {
  readonly icon: string;
  readonly title: string;
  readonly words?: string;
  readonly label: string;
  readonly secret: string;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="sec-note">
      <Notice tone="ok" icon={icon} live="status" title={title}>
        {words !== undefined && <p>{words}</p>}
        <div className="row wrap acts">
          <input
            ref={field}
            className="grow mono"
            type="text"
            readOnly
            value={secret}
            aria-label={label}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={secret} field={field} />
        </div>
      </Notice>
    </div>
  );
}
