/**
 * Reads a catalogue of texts in the format of gettext. `msgid` is a name ("campaigns.title"), `msgstr` the text in ICU message format,
 * so a translator needs no tool of ours. Plurals stand in the text, never as `msgid_plural`.
 */
export function parsePo(source: string): Map<string, string> {
  const texts = new Map<string, string>();
  let id: string | undefined;
  let text: string | undefined;
  let last: 'id' | 'text' = 'id';
  const finish = (line: number): void => {
    if (id !== undefined && text !== undefined && id !== '') {
      if (texts.has(id)) throw new Error(`"${id}" stands twice in the catalogue (line ${String(line)})`);
      texts.set(id, text);
    }
    id = text = undefined;
  };
  source.split(/\r?\n/).forEach((line, at) => {
    const [, keyword, quoted] = /^(?:(msgid|msgstr)\s+)?(".*")\s*$/.exec(line) ?? [];
    if (quoted === undefined) {
      if (line.trim() === '') finish(at + 1);
      else if (!line.startsWith('#')) throw new Error(`line ${String(at + 1)} of the catalogue cannot be read: ${line}`);
      return;
    }
    const piece = unquote(quoted, at + 1);
    if (keyword === 'msgid') {
      finish(at + 1);
      id = piece;
      last = 'id';
    } else if (keyword === 'msgstr') {
      text = piece;
      last = 'text';
    } else if (last === 'id') id = `${id ?? ''}${piece}`;
    else text = `${text ?? ''}${piece}`;
  });
  finish(source.length);
  return texts;
}

/** The escapes of gettext are those of JSON. */
function unquote(quoted: string, line: number): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new Error(`line ${String(line)} of the catalogue is not a quoted text`);
  }
}
