import { say } from '../lib/words/sentence.ts';
import { compileTemplate } from './compile.ts';
import { foldName } from './guess-mapping.ts';
import { isConstant, type Mapping, type MappingFault, type Source, unknownKeyMessage } from './mapping.ts';
import { normaliseValue } from './normalise-value.ts';
import type { Template } from './template.ts';
import { planTemplate, type TemplateVariable } from './variables.ts';

/**
 * Everything that would make a campaign fail whatever its rows hold, found before it starts: unmapped variables, columns the file
 * does not have, constants Meta would refuse, keys of another template. Empty when all is well.
 */
export function checkMapping(template: Template, mapping: Mapping, columns: readonly string[]): MappingFault[] {
  const variables = planTemplate(template).variables;
  const known = new Map(variables.map((variable) => [variable.key, variable]));
  const faults: MappingFault[] = [...compileTemplate(template, mapping).everyRow];
  for (const [key, source] of Object.entries(mapping)) {
    const variable = known.get(key);
    const fault =
      variable === undefined
        ? { key, code: 'key_unknown', message: unknownKeyMessage(key, variables) }
        : checkSource(variable, source, columns);
    if (fault !== undefined) faults.push(fault);
  }
  return faults;
}

function checkSource(variable: TemplateVariable, source: Source, columns: readonly string[]): MappingFault | undefined {
  const { key, label } = variable;
  if (isConstant(source)) {
    // A cell is tidied silently enough, with a notice; what a person types as the text for everyone is theirs to correct.
    const { changed } = normaliseValue(source.value.trim().normalize('NFC'));
    if (!changed || variable.kind === 'json' || variable.kind === 'products') return undefined;
    const message = say('server.templates.fixed-value-line', { label, key });
    return { key, code: 'constant_has_newline', message };
  }
  const { column } = source;
  if (columns.includes(column)) return undefined;
  const near = columns.find((candidate) => foldName(candidate) === foldName(column));
  const advice =
    near !== undefined
      ? say('server.templates.did-you-mean', { near })
      : columns.length === 0
        ? say('server.templates.file-been-uploaded')
        : say('server.templates.file-choose-one', { columns: columns.join(', ') });
  return {
    key,
    column,
    code: 'column_missing',
    message: say('server.templates.column-file', { label, key, column, advice }),
  };
}
