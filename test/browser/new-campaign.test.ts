import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser, visitPage } from '../support/browser.ts';
import { openHouse } from '../support/house.ts';
import { needsChromium } from '../support/servers.ts';

const { url: executablePath, skip } = needsChromium();
let browser: Browser;

before(async () => {
  if (skip === false) browser = await openBrowser(executablePath);
});
after(async () => {
  if (skip === false) await browser.close();
});

/** As a spreadsheet of Windows in Spanish writes it: a title above the heading, semicolons, accents in one byte. */
const FILE = Buffer.from(
  [
    'Lista de clientes;;;',
    'Nombre;Apellido;Celular;Ciudad',
    'José;Muñoz;3001112001;Bogotá',
    'Ángela;Peña;3001112002;Cúcuta',
    'Iván;Núñez;300111;Bogotá',
    'Luz;Díaz;5.73E+11;Cali',
    'José;Muñoz;+57 300 111 2001;Bogotá',
    '',
  ].join('\r\n'),
  'latin1',
);

test('a campaign is made, filled from a file of Windows with bad rows, mended in place, mapped and started, and the page shows it end', {
  skip,
}, async () => {
  const house = await openHouse({ AUTH: 'none' });
  try {
    const { page, complaints } = await visitPage(browser, house, '/campaigns', { locale: 'es-CO' });
    const onward = page.locator('.go .btn.pri');
    await page.getByText('Todavía no hay campañas').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Nombre de la campaña').fill('Navidad · Bogotá');
    await page.keyboard.press('Enter');

    await page.getByLabel('Nombre o texto del mensaje').fill('bienvenida');
    await page.getByRole('radio', { name: /^bienvenida español ¡Hola/ }).check();
    await page.locator('.steps .saved', { hasText: 'Borrador guardado' }).waitFor();
    await onward.click();

    await page.locator('input[type=file]').setInputFiles({ name: 'clientes.csv', mimeType: 'text/csv', buffer: FILE });
    await page.getByText('Se leyó como').waitFor();
    const read = await page.locator('section', { hasText: 'Se leyó como' }).first().innerText();
    assert.match(read, /windows-1252, separado por punto y coma, títulos en la fila 2, teléfono en la columna C «Celular»/);

    const readAgain = () => page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok());
    await page.getByRole('button', { name: 'Elegir el país' }).click();
    await page.getByLabel('País por defecto').selectOption({ label: 'Colombia' });
    const withCountry = readAgain();
    await page.getByRole('button', { name: 'Leer otra vez' }).click();
    await withCountry;

    for (const [key, column] of [
      ['{{1}}', 'Nombre'],
      ['{{2}}', 'Apellido'],
    ] as const) {
      const answer = readAgain();
      await page.getByLabel(`Columna para ${key}`).selectOption(column);
      await answer;
    }
    await page.locator('.bub', { hasText: 'José' }).waitFor();
    await page.locator('.boss', { hasText: 'Se escribirá a 2 personas. Las otras 3 filas no entran' }).waitFor();

    const cell = page.getByLabel('Valor de Celular, fila 5');
    await cell.fill('300 111 2003');
    await cell.press('Enter');
    await page.getByText('Corregida: ya entra.').waitFor();
    await page.locator('.boss', { hasText: 'Se escribirá a 3 personas' }).waitFor();

    await onward.filter({ hasText: 'Agregar 3 personas y seguir' }).click();
    await page.locator('tr.sum', { hasText: 'Total' }).waitFor();
    await onward.click();
    await page.getByText('Se escribirá a 3 personas, una sola vez a cada una.').waitFor();
    await page.getByRole('button', { name: /^Enviar a 3 personas · hasta .*USD/ }).dblclick();

    await page.waitForURL(/\/campaigns\/\d+(\?.*)?$/);
    await page.getByText('Terminada', { exact: false }).first().waitFor({ timeout: 60_000 });
    const { json } = await house.call('GET', `/api/v1/campaigns/${/\/campaigns\/(\d+)/.exec(page.url())?.[1] ?? ''}`);
    assert.equal(json['total_recipients'], 3);
    assert.equal(json['status'], 'completed');
    assert.deepEqual(complaints, []);
  } finally {
    await house.stop();
    house.remove();
  }
});
