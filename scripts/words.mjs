// `npm run words` brings locales/*.po into their order (by id), so that two people's additions seldom meet. With --check it only says
// whether they are, and whether both have the same ids and every text can be compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { parsePo } from '../src/lib/words/po.ts';
import { root } from './setup.mjs';

const isCheck = process.argv.includes('--check');
const catalogues = ['es', 'en'].map((language) => {
  const file = join(root, 'locales', `${language}.po`);
  const source = readFileSync(file, 'utf8');
  const texts = parsePo(source);
  for (const [id, text] of texts) {
    const faults = [];
    compileMessage(text, (value) => value);
    if (text.trim() === '') faults.push('is empty');
    for (const fault of faults) say(`${language}.po: "${id}" ${fault}`);
  }
  const ids = [...texts.keys()].sort();
  const head = `msgid ""\nmsgstr "Language: ${language}\\nContent-Type: text/plain; charset=UTF-8\\n"\n`;
  const sorted = head + ids.map((id) => `\nmsgid ${JSON.stringify(id)}\nmsgstr ${JSON.stringify(texts.get(id))}\n`).join('');
  if (sorted !== source) {
    if (isCheck) say(`locales/${language}.po is not in its order. Run: npm run words`);
    else writeFileSync(file, sorted);
  }
  return { language, texts };
});
for (const { language, texts } of catalogues)
  for (const other of catalogues)
    for (const id of texts.keys()) if (!other.texts.has(id)) say(`"${id}" is in ${language}.po and not in ${other.language}.po`);

function say(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
