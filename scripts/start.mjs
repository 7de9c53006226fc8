// `npm start`: the set-up a fresh clone needs, then the product in this same process, so that Ctrl-C and exit codes are its own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureBuilt, ensureInstalled, root } from './setup.mjs';

checkNode();
ensureInstalled();
ensureBuilt();

const main = join(root, 'dist', 'cli', 'main.js');
process.argv = [process.argv[0], main, 'start', ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
