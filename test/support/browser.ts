/** The page in the system's Chromium, on a product of its own. */
import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureBuilt } from '../../scripts/setup.mjs';
import type { TestHouse } from './house.ts';

export interface Looks {
  readonly locale: string;
  readonly width?: number;
  readonly dark?: boolean;
}

export interface Visit {
  readonly page: Page;
  /** What the browser complained of: errors of scripts, refusals of the content security policy, files that did not come. */
  readonly complaints: string[];
}

export const PASSWORD = 'una clave muy larga 1';

export async function openBrowser(executablePath: string): Promise<Browser> {
  ensureBuilt();
  return chromium.launch({
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
}

export async function visitPage(browser: Browser, house: TestHouse, path: string, looks: Looks): Promise<Visit> {
  const context = await browser.newContext({
    locale: looks.locale,
    viewport: { width: looks.width ?? 1280, height: 900 },
    colorScheme: looks.dark === true ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = listen(page);
  await page.goto(new URL(path, house.app.url).href);
  return { page, complaints };
}

export function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()} -> ${String(response.status())}`);
  });
  return complaints;
}

/** Makes the first administrator, or logs in as she; ends on the campaigns. */
export async function enterAs(browser: Browser, house: TestHouse, looks: Looks, name = 'Ana'): Promise<Visit> {
  const token = house.app.setupToken;
  const invited = await browser.newContext().then(async (context) => {
    const answer =
      token === undefined
        ? undefined
        : await context.request.post(new URL('/api/v1/auth/invitation', house.app.url).href, {
            data: { token, name, password: PASSWORD },
            failOnStatusCode: false,
          });
    await context.close();
    return answer;
  });
  if (invited !== undefined && !invited.ok() && invited.status() !== 404)
    throw new Error(`not invited: ${String(invited.status())}`);
  const visit = await visitPage(browser, house, '/login', looks);
  await visit.page.locator('input[name=name]').fill(name);
  await visit.page.locator('input[name=password]').fill(PASSWORD);
  await visit.page.locator('form button[type=submit]').click();
  await visit.page.waitForURL('**/campaigns');
  return visit;
}
