// `npm run screens` puts a picture of every screen of the page, in both languages, themes and three sizes, into screens/, to be looked at.
//   npm run screens -- campaigns login       only these screens
//   npm run screens -- --es --light --wide   only these looks
//   npm run screens -- --readme              the three that the README shows, into docs/pictures
// It starts a product of its own on a temporary folder, fills it, and ends it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { enterAs, openBrowser } from '../test/support/browser.ts';
import { fillWithDemo } from '../test/support/demo.ts';
import { openHouse } from '../test/support/house.ts';
import { SCREENS } from '../test/support/screens.ts';
import { findChromium } from './servers.mjs';
import { root } from './setup.mjs';

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const isReadme = flags.includes('--readme');
if (isReadme) flags.push('--en', '--light', '--wide');
const names = isReadme
  ? ['campaigns', 'campaign', 'replies-conversation']
  : process.argv.slice(2).filter((word) => !word.startsWith('--'));
const chosen = (all) => {
  const some = all.filter((word) => flags.includes(`--${word}`));
  return some.length === 0 ? all : some;
};
const LOCALES = { es: 'es-CO', en: 'en-US' };
const SIZES = { wide: [1280, 900], zoom: [640, 800], phone: [390, 844] };

const folder = process.env.SCREENS ?? join(root, isReadme ? 'docs/pictures' : 'screens');
mkdirSync(folder, { recursive: true });
const executable = findChromium();
if (executable === undefined) throw new Error('There is no Chromium on this machine. Set CHROMIUM_PATH.');
const house = await openHouse();
const browser = await openBrowser(executable);
try {
  const demo = await fillWithDemo(house);
  const { page: first } = await enterAs(browser, house, { locale: 'es-CO' });
  const inside = await first.context().storageState();
  for (const screen of SCREENS.filter(({ name }) => names.length === 0 || names.includes(name)))
    for (const language of chosen(Object.keys(LOCALES)))
      for (const theme of chosen(['light', 'dark']))
        for (const size of chosen(Object.keys(SIZES))) {
          const [width, height] = SIZES[size];
          const context = await browser.newContext({
            locale: LOCALES[language],
            viewport: { width, height },
            colorScheme: theme,
            reducedMotion: 'reduce',
            ...(screen.outside === true ? {} : { storageState: inside }),
          });
          const page = await context.newPage();
          await page.goto(new URL(screen.path(demo), house.app.url).href);
          await page.locator(screen.ready).first().waitFor();
          // The bar above every screen has its own figures to ask for.
          if (screen.outside !== true) await page.locator('.top .gauge').waitFor();
          await screen.act?.(page);
          await page.evaluate('document.fonts.ready');
          const name = isReadme ? screen.name : `${screen.name}-${language}-${theme}-${size}`;
          await page.screenshot({ path: join(folder, `${name}.png`), fullPage: !isReadme });
          await context.close();
        }
  console.log(`Pictures are in ${folder}`);
} finally {
  await browser.close();
  await house.stop();
  house.remove();
}
