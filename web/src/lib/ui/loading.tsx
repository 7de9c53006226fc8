import { useEffect, useState } from 'react';

/** The shape of what comes: nothing before 300 ms, words after a second. */
export function Loading({ words, rows = 4 }: { readonly words: string; readonly rows?: number }) {
  const [phase, setPhase] = useState(0);
  useEffect(() => {
    const timers = [setTimeout(() => setPhase(1), 300), setTimeout(() => setPhase(2), 1000)];
    return () => timers.forEach(clearTimeout);
  }, []);
  if (phase === 0) return <div className="sk-space" aria-busy="true" />;
  return (
    <div aria-busy="true">
      <p className="t13 q2 sk-words" role="status">
        {phase === 2 ? words : ''}
      </p>
      <div aria-hidden="true">
        {Array.from({ length: rows }, (_, row) => (
          <div className="sk-row" key={row}>
            <span className={`sk w${String((row * 3) % 4)}`} />
            <span className="sk w1" />
            <span className={`sk w${String((row + 2) % 4)}`} />
            <span className="sk w3" />
          </div>
        ))}
      </div>
    </div>
  );
}
