import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** The head of a column by which one can sort. `sort` is the server's word: the field, with "-" in front the other way round. */
export function SortHead({
  field,
  sort,
  onSort,
  num,
  children,
}: {
  readonly field: string;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly num?: boolean;
  readonly children: ReactNode;
}) {
  const isThis = sort.replace(/^-/, '') === field;
  const isDown = sort.startsWith('-');
  return (
    <th
      scope="col"
      className={num === true ? 'num' : undefined}
      aria-sort={isThis ? (isDown ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => onSort(isThis && isDown ? field : `-${field}`)}>
        {children}
        {isThis && <Icon name={isDown ? 'sortd' : 'sortu'} />}
      </button>
    </th>
  );
}
