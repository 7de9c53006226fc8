// `npm run build`: everything anew.
import { checkNode, ensureBuilt, ensureInstalled } from './setup.mjs';

checkNode();
ensureInstalled();
ensureBuilt({ force: true });
