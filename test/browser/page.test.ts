import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { enterAs, openBrowser, visitPage } from '../support/browser.ts';
import { openHouse, type TestHouse } from '../support/house.ts';
import { needsChromium } from '../support/servers.ts';

const { url: executablePath, skip } = needsChromium();
let browser: Browser;

before(async () => {
  if (skip === false) browser = await openBrowser(executablePath);
});
after(async () => {
  if (skip === false) await browser.close();
});

async function withHouse(use: (house: TestHouse) => Promise<void>): Promise<void> {
  const house = await openHouse();
  try {
    await use(house);
  } finally {
    await house.stop();
    house.remove();
  }
}

test('the documents of the API come whole, with nothing from elsewhere', { skip }, async () => {
  await withHouse(async (house) => {
    const swagger = await visitPage(browser, house, '/api/docs', { locale: 'en-US' });
    await swagger.page.getByText('/api/v1/campaigns', { exact: true }).first().waitFor();
    assert.deepEqual(swagger.complaints, []);
    const redoc = await visitPage(browser, house, '/api/redoc', { locale: 'en-US' });
    await redoc.page.locator('h1', { hasText: 'WhatsApp Sender' }).waitFor();
    assert.deepEqual(redoc.complaints, []);
  });
});

for (const { locale, enter, title } of [
  { locale: 'es-CO', enter: 'Entrar', title: 'Todavía no hay campañas' },
  { locale: 'en-US', enter: 'Log in', title: 'No campaigns yet' },
] as const) {
  test(`in ${locale}: the first administrator, leaving, a wrong password and coming back end where the work is`, {
    skip,
  }, async () => {
    await withHouse(async (house) => {
      const token = house.app.setupToken;
      assert.ok(token !== undefined, 'a fresh house invites its first administrator');
      for (const width of [1_280, 360]) {
        const { page, complaints } = await visitPage(browser, house, width === 1_280 ? `/invitation#${token}` : '/campaigns', {
          locale,
          width,
        });
        if (width === 1_280) {
          await page.locator('input[name=name]').fill('Ana');
          await page.locator('input[name=password]').fill('una clave muy larga 1');
        } else {
          await page.waitForURL('**/login**');
          await page.locator('input[name=name]').fill('Ana');
          await page.locator('input[name=password]').fill('otra');
          await page.getByRole('button', { name: enter }).click();
          await page.getByRole('alert').waitFor();
          assert.equal(complaints.splice(0).length, 2, 'the refusal, as the browser notes it');
          await page.locator('input[name=password]').fill('una clave muy larga 1');
        }
        await page.locator('form button[type=submit]').click();
        await page.getByText(title).waitFor();
        const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
        assert.equal(overflow, 0, `${String(width)} wide: the page scrolls sideways`);
        assert.deepEqual(complaints, []);
      }
    });
  });
}

test("an EventSource works from the app's own origin once a person has taken the invitation", { skip }, async () => {
  await withHouse(async (house) => {
    const { page, complaints } = await enterAs(browser, house, { locale: 'es-CO' });
    const made = await house.call('POST', '/api/v1/campaigns', {
      name: 'En vivo',
      template_name: 'bienvenida',
      template_language: 'es',
    });
    const id = String(made.json['id']);
    const first = await page.evaluate(`new Promise((resolve, reject) => {
      const eventSource = new EventSource('/api/v1/events/campaigns/${id}/stream');
      eventSource.onmessage = (event) => { resolve(JSON.parse(event.data)); eventSource.close(); };
      eventSource.onerror = () => { reject(new Error('the stream was refused')); eventSource.close(); };
    })`);
    assert.equal((first as { status: string }).status, 'draft');
    assert.deepEqual(complaints, []);
  });
});
