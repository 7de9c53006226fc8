import type { ReactNode } from 'react';
import { Icon } from '../lib/ui/icon.tsx';

/** One part of the system: whether it is well, and its facts. `good` undefined: nobody can say yet. */
export function Part({
  title,
  good,
  state,
  children,
}: {
  readonly title: string;
  readonly good: boolean | undefined;
  readonly state: string;
  readonly children: ReactNode;
}) {
  const [tone, icon] = good === undefined ? ['', 'clock'] : good ? ['ok', 'tick'] : ['ask', 'alert'];
  return (
    <section>
      <div className="sec-head">
        <h2>{title}</h2>
        <div className="right">
          <span className={`st ${tone}`}>
            <Icon name={icon} />
            {state}
          </span>
        </div>
      </div>
      {children}
    </section>
  );
}

/** Names and values below each other. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="kv">
      {facts.map(([name, value]) => (
        <div className="pair" key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
