import { createPacer } from '../../src/sending/pacer.ts';
import { pacerSuite } from './pacer.ts';

pacerSuite('the pace of one process', ({ ceiling }) =>
  Promise.resolve({ pacers: [createPacer({ ceiling })], close: () => undefined }),
);
