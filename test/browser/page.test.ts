import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { openHouse, type TestHouse } from '../support/house.ts';
import { needsChromium } from '../support/servers.ts';

const { url: executablePath, skip } = needsChromium();
let house: TestHouse;
let browser: Browser;

before(async () => {
  if (skip !== false) return;
  house = await openHouse();
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});
after(async () => {
  if (skip !== false) return;
  await browser.close();
  await house.stop();
  house.remove();
});

interface Visit {
  readonly page: Page;
  /** What the browser complained of: errors of scripts, refusals of the content security policy, files that did not come. */
  readonly complaints: string[];
}

async function visit(path: string, options: { locale: string; width?: number; dark?: boolean }): Promise<Visit> {
  const context = await browser.newContext({
    locale: options.locale,
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.dark === true ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} did not come`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()} -> ${String(response.status())}`);
  });
  await page.goto(new URL(path, house.app.url).href, { waitUntil: 'networkidle' });
  await keepPicture(
    page,
    `${path.replace(/#.*/, '')}-${options.locale}-${String(options.width ?? 1280)}${options.dark === true ? '-dark' : ''}`,
  );
  return { page, complaints };
}

/** With SCREENSHOTS set, every page a test visits is kept there to be looked at. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined)
    await page.screenshot({ path: `${folder}/${name.replace(/[^a-z0-9-]+/gi, '_')}.png`, fullPage: true });
}

for (const [locale, words] of [
  ['es-CO', 'Nada se envía de verdad'],
  ['en-US', 'Nothing is sent for real'],
] as const) {
  test(`the first page speaks ${locale}, says that it is the sandbox, and fits a phone`, { skip }, async () => {
    for (const width of [1_280, 360]) {
      const { page, complaints } = await visit('/', { locale, width });
      assert.match(await page.innerText('body'), new RegExp(words));
      assert.match(await page.innerText('body'), /sandbox/i);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      assert.equal(overflow, 0, `${String(width)} wide: the page scrolls sideways`);
      assert.deepEqual(complaints, []);
    }
  });
}

test('the documents of the API come whole, with nothing from elsewhere', { skip }, async () => {
  const swagger = await visit('/api/docs', { locale: 'en-US' });
  await swagger.page.getByText('/api/v1/campaigns', { exact: true }).first().waitFor();
  assert.deepEqual(swagger.complaints, []);
  const redoc = await visit('/api/redoc', { locale: 'en-US' });
  await redoc.page.locator('h1', { hasText: 'WhatsApp Sender' }).waitFor();
  assert.deepEqual(redoc.complaints, []);
});

test("the seed's EventSource works from the app's own origin once a person has taken the invitation", { skip }, async () => {
  const token = house.app.setupToken;
  assert.ok(token !== undefined, 'a fresh house invites its first administrator');
  const { page, complaints } = await visit(`/invitation#${token}`, { locale: 'es-CO', width: 360, dark: true });
  await page.locator('input[name=name]').fill('Ana');
  for (const field of await page.locator('input[type=password]').all()) await field.fill('una clave muy larga 1');
  await page.locator('form button').click();
  await page.locator('#message.good').waitFor();
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'En vivo',
    template_name: 'bienvenida',
    template_language: 'es',
  });
  const id = String(made.json['id']);
  await page.goto(new URL('/', house.app.url).href);
  const first = await page.evaluate(`new Promise((resolve, reject) => {
    const eventSource = new EventSource('/api/v1/events/campaigns/${id}/stream');
    eventSource.onmessage = (event) => { resolve(JSON.parse(event.data)); eventSource.close(); };
    eventSource.onerror = () => { reject(new Error('the stream was refused')); eventSource.close(); };
  })`);
  assert.equal((first as { status: string }).status, 'draft');
  assert.deepEqual(complaints, []);
});
