/** Each screen once, languages, themes and sizes in turn: axe finds nothing, the browser complains of nothing, nothing scrolls sideways. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext } from 'playwright-core';
import { enterAs, listen, openBrowser } from '../support/browser.ts';
import { type Demo, fillWithDemo } from '../support/demo.ts';
import { openHouse, type TestHouse } from '../support/house.ts';
import { SCREENS } from '../support/screens.ts';
import { needsChromium } from '../support/servers.ts';

const { url: executablePath, skip } = needsChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS = [
  { locale: 'es-CO', theme: 'light', width: 1_280 },
  { locale: 'en-US', theme: 'dark', width: 390 },
  { locale: 'en-US', theme: 'light', width: 640 },
  { locale: 'es-CO', theme: 'dark', width: 1_280 },
] as const;

let house: TestHouse;
let browser: Browser;
let demo: Demo;
let inside: Awaited<ReturnType<BrowserContext['storageState']>>;

before(async () => {
  if (skip !== false) return;
  house = await openHouse();
  browser = await openBrowser(executablePath);
  demo = await fillWithDemo(house);
  const { page } = await enterAs(browser, house, { locale: 'es-CO' });
  inside = await page.context().storageState();
});
after(async () => {
  if (skip !== false) return;
  await browser.close();
  await house.stop();
  house.remove();
});

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

SCREENS.forEach((screen, i) => {
  // Each screen wide and light first or last: the looks go round, so that every run sees all of them.
  const { locale, theme, width } = LOOKS[i % LOOKS.length] ?? LOOKS[0];
  test(`${screen.name}, ${locale}, ${theme}, ${String(width)} wide: axe finds nothing and the browser complains of nothing`, {
    skip,
  }, async () => {
    const context = await browser.newContext({
      locale,
      viewport: { width, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
      // Only for axe, which is put into the page as a script; the page itself is looked at under its own policy by every other test.
      bypassCSP: true,
      ...(screen.outside === true ? {} : { storageState: inside }),
    });
    const page = await context.newPage();
    const complaints = listen(page);
    await page.goto(new URL(screen.path(demo), house.app.url).href);
    await page.locator(screen.ready).first().waitFor();
    await screen.act?.(page);
    await page.evaluate(AXE);
    const { violations } = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })');
    assert.deepEqual(
      violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
      ),
      [],
    );
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0, 'the page scrolls sideways');
    assert.deepEqual(complaints, []);
    await context.close();
  });
});
