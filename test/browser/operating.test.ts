/** What an operator does on a day on which not all goes well; one product for all of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { enterAs, openBrowser, PASSWORD } from '../support/browser.ts';
import { openHouse, type TestHouse } from '../support/house.ts';
import { needsChromium } from '../support/servers.ts';

const { url: executablePath, skip } = needsChromium();
let house: TestHouse;
let browser: Browser;
let inside: BrowserContext;
let running: number;

before(async () => {
  if (skip !== false) return;
  house = await openHouse();
  browser = await openBrowser(executablePath);
  const made = await house.call('POST', '/api/v1/campaigns', {
    name: 'Navidad',
    template_name: 'bienvenida',
    template_language: 'es',
    mapping: { 'body.1': { column: 'nombre' }, 'body.2': { column: 'nombre' } },
    messages_per_second: 1,
  });
  running = Number(made.json['id']);
  const rows = Array.from({ length: 300 }, (_, i) => `+57 300 ${String(7_000_000 + i)},Persona ${String(i)}`);
  await house.upload(running, ['telefono,nombre', ...rows].join('\n'));
  const { page } = await enterAs(browser, house, { locale: 'es-CO' });
  inside = page.context();
  await page.close();
});
after(async () => {
  if (skip !== false) return;
  await browser.close();
  await house.stop();
  house.remove();
});

async function open(path: string): Promise<Page> {
  const page = await inside.newPage();
  await page.goto(new URL(path, house.app.url).href);
  return page;
}

test('a campaign is paused, goes on and is cancelled from the page, and a second tab sees each of it', { skip }, async () => {
  await house.call('POST', `/api/v1/campaigns/${String(running)}/start`, {});
  const [page, other] = [await open(`/campaigns/${String(running)}`), await open('/campaigns')];
  const seen = (state: string) => other.locator('table.camps .st', { hasText: state }).waitFor();
  await seen('En curso');
  await page.getByRole('button', { name: 'Pausar' }).click();
  await seen('En pausa');
  await page.getByRole('button', { name: 'Seguir' }).click();
  await seen('En curso');
  await page.getByRole('button', { name: 'Cancelar…' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: /^Cancelar para/ });
  assert.equal(await confirm.getAttribute('aria-disabled'), 'true', 'not before the number is typed');
  const asked = await dialog.locator('label').innerText();
  await dialog.getByRole('textbox').fill(asked.replace(/\D/g, ''));
  await confirm.click();
  await seen('Cancelada');
  await Promise.all([page.close(), other.close()]);
});

test('the results are a file that opens, with a row for each person', { skip }, async () => {
  const page = await open(`/campaigns/${String(running)}`);
  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Exportar resultados', exact: false }).first().click();
  const lines = readFileSync(await (await coming).path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.equal(lines.length, 301);
  assert.match(lines[0] ?? '', /^\uFEFF?[^;]+;/);
  await page.close();
});

test('the session ends in the middle of a form: after the password what was written is still there and holds', {
  skip,
}, async () => {
  const page = await open('/opt-outs');
  await page.getByRole('button', { name: 'Anotar una baja' }).click();
  await page.getByRole('textbox', { name: 'Teléfono' }).fill('+57 316 555 0120');
  await page.getByLabel('Cómo lo pidió').fill('Llamó a la tienda');
  await page.getByRole('dialog').waitFor();
  const token = (await inside.cookies()).find(({ name }) => name.includes('session'));
  assert.ok(token !== undefined, 'the session is a cookie');
  await inside.clearCookies({ name: token.name });
  await page.getByRole('button', { name: 'Anotar', exact: true }).click();
  const again = page.getByRole('dialog', { name: 'Entre otra vez' });
  await again.getByLabel('Contraseña de Ana').fill(PASSWORD);
  await again.getByRole('button', { name: 'Seguir donde iba' }).click();
  await again.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Anotar', exact: true }).click();
  await page.getByRole('cell', { name: 'Lo anotó Ana: «Llamó a la tienda»' }).waitFor();
  const { json } = await house.call('GET', '/api/v1/opt-outs');
  assert.equal(json['total'], 1);
  await page.close();
});

test('the language and the theme are chosen in the page and stay', { skip }, async () => {
  const page = await open('/opt-outs');
  await page.getByRole('button', { name: 'EN, English' }).click();
  await page.getByRole('heading', { name: 'Opt-outs' }).waitFor();
  await page.getByRole('button', { name: 'Theme: light or dark' }).click();
  const theme = await page.locator('html').getAttribute('data-theme');
  await page.reload();
  await page.getByRole('heading', { name: 'Opt-outs' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('data-theme'), theme);
  await page.getByRole('button', { name: 'ES, español' }).click();
  await page.getByRole('heading', { name: 'Bajas' }).waitFor();
  await page.close();
});
