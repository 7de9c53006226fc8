import { checkMapping } from './check-mapping.ts';
import { guessMapping } from './guess-mapping.ts';
import { type Mapping, type MappingFault, parseMapping } from './mapping.ts';
import type { Template } from './template.ts';

/** The campaign's own mapping, with what it leaves open guessed from the names of the columns. */
export function effectiveMapping(
  template: Template,
  own: unknown,
  columns: readonly string[],
): { readonly mapping: Mapping; readonly faults: readonly MappingFault[] } {
  const parsed = parseMapping(own);
  if (!parsed.ok) return { mapping: {}, faults: parsed.faults };
  const mapping = { ...guessMapping(template, columns), ...parsed.mapping };
  return { mapping, faults: checkMapping(template, mapping, columns) };
}
