// `node --import ./scripts/ts.mjs file.ts` runs TypeScript as it stands. Unlike `--import tsx` it also does so in worker threads on
// Node 20, where each thread has hooks of its own and tsx registers none beyond the first.
import { register } from 'tsx/esm/api';

register();
