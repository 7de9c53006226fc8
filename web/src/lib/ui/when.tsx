import { useWords } from '../words.ts';

/** A moment as people say it; the exact one is a touch away. */
export function When({ at, seconds }: { readonly at: string | null | undefined; readonly seconds?: boolean }) {
  const { f } = useWords();
  if (at === null || at === undefined) return <>—</>;
  return (
    <time dateTime={at} title={`${f.date(at)}, ${f.seconds(at)}`}>
      {seconds === true ? f.seconds(at) : f.moment(at)}
    </time>
  );
}
