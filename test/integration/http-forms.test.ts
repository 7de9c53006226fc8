import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openFileDb } from '../support/db.ts';
import { type Answer, openDoor } from '../support/http.ts';

const db = await openFileDb();
const door = await openDoor(db);

const CSV = 'phone,variable_1,variable_2\n+573001234567,Ana,C1\n';
const FILE = `content-disposition: form-data; name="file"; filename="x.csv"\r\n\r\n${CSV}`;
const FORM = 'multipart/form-data; boundary=b';

async function send(path: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Answer> {
  return door.call('POST', path, { body, headers });
}

for (const [what, body, headers, status, code] of [
  [
    'without a boundary in its heading',
    `--b\r\n${FILE}\r\n--b--\r\n`,
    { 'content-type': 'multipart/form-data' },
    400,
    'unreadable_body',
  ],
  ['whose boundary is another one', `--c\r\n${FILE}\r\n--c--\r\n`, { 'content-type': FORM }, 400, 'unreadable_body'],
  ['that ends in the middle of the file', `--b\r\n${FILE}`, { 'content-type': FORM }, 400, 'unreadable_body'],
  [
    'that ends within the head of a part',
    '--b\r\ncontent-disposition: form-da',
    { 'content-type': FORM },
    400,
    'unreadable_body',
  ],
  ['without any body', '', { 'content-type': FORM }, 400, 'unreadable_body'],
  [
    'that is compressed',
    gzipSync(`--b\r\n${FILE}\r\n--b--\r\n`),
    { 'content-type': FORM, 'content-encoding': 'gzip' },
    415,
    'unsupported_media_type',
  ],
  [
    'with a field nobody knows',
    `--b\r\ncontent-disposition: form-data; name="phonecolumn"\r\n\r\nx\r\n--b\r\n${FILE}\r\n--b--\r\n`,
    { 'content-type': FORM },
    400,
    'invalid_request',
  ],
] as const) {
  test(`a form ${what} is refused at once, and another file can be uploaded right after`, async () => {
    const campaign = await door.campaign();
    for (const name of ['upload-recipients', 'uploads']) {
      const answer = await send(`/api/v1/campaigns/${String(campaign)}/${name}`, body, headers);
      assert.deepEqual([answer.status, answer.json['code']], [status, code], answer.text);
    }
    assert.deepEqual((await door.call('GET', `/api/v1/campaigns/${String(campaign)}/uploads`)).json['data'], []);
    assert.equal((await door.upload(campaign, CSV)).json['valid_rows'], 1);
  });
}

test('a file whose part has an end before its boundary is whole', async () => {
  const campaign = await door.campaign();
  const answer = await send(
    `/api/v1/campaigns/${String(campaign)}/upload-recipients`,
    `ignored\r\n--b\r\n${FILE}\r\n--b--\r\nignored`,
    {
      'content-type': FORM,
    },
  );
  assert.equal(answer.json['valid_rows'], 1, answer.text);
});
