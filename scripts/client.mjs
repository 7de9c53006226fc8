// `npm run client` writes the types of the API from its description; with --check it only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { openApiDocument } from './openapi.mjs';
import { root } from './setup.mjs';

const file = join(root, 'client', 'schema.d.ts');
const HEAD = '// Made by `npm run client` from the OpenAPI document. Do not edit.\n\n';

const types = await openapiTS(await openApiDocument(), {
  // A file to upload; the generator alone would call it text.
  transform: (schema) => (schema.format === 'binary' ? ts.factory.createTypeReferenceNode('Blob') : undefined),
});
const text = HEAD + astToString(types);

if (process.argv.includes('--check')) {
  let written = '';
  try {
    written = readFileSync(file, 'utf8');
  } catch {
    // Missing is out of date as well.
  }
  if (written !== text) {
    console.error('client/schema.d.ts does not say what the API is now. Run: npm run client');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, text);
  console.log('client/schema.d.ts written');
}
