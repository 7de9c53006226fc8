/** Every screen of the page: its address, and what is there when it is drawn. Pictures and checks walk this table. */
import type { Page } from 'playwright-core';
import type { Demo } from './demo.ts';

export interface ScreenOf {
  readonly name: string;
  readonly path: (demo: Demo) => string;
  /** Something that is there once it is whole. */
  readonly ready: string;
  /** Nobody is logged in. */
  readonly outside?: boolean;
  /** What is done to it before it is looked at. */
  readonly act?: (page: Page) => Promise<void>;
}

export const SCREENS: readonly ScreenOf[] = [
  { name: 'login', path: () => '/login', ready: 'form', outside: true },
  { name: 'invitation-broken', path: () => '/invitation', ready: '.door-foot', outside: true },
  { name: 'campaigns', path: () => '/campaigns', ready: 'table.camps tbody tr' },
  { name: 'campaigns-none-found', path: () => '/campaigns?search=zzz', ready: 'main .lk' },
  { name: 'new-campaign', path: () => '/campaigns/new', ready: 'input[name=name]' },
  { name: 'new-campaign-message', path: ({ draft }) => `/campaigns/${String(draft)}/edit?step=message`, ready: '.pick label' },
  { name: 'new-campaign-people', path: ({ draft }) => `/campaigns/${String(draft)}/edit?step=people`, ready: '.boss, .drop' },
  { name: 'new-campaign-pace', path: ({ draft }) => `/campaigns/${String(draft)}/edit?step=pace`, ready: '.go' },
  { name: 'new-campaign-review', path: ({ draft }) => `/campaigns/${String(draft)}/edit?step=review`, ready: '.checks li' },
  { name: 'templates', path: () => '/templates', ready: 'table.templates tbody tr' },
  { name: 'templates-none-found', path: () => '/templates?search=zzz', ready: 'main .lk' },
  {
    name: 'stop-everything',
    path: () => '/campaigns',
    ready: 'table.camps tbody tr',
    act: async (page) => {
      await page.locator('.stop button').click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    name: 'shortcuts',
    path: () => '/campaigns',
    ready: 'table.camps tbody tr',
    act: async (page) => {
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
    },
  },
  { name: 'replies', path: () => '/replies', ready: '.decide' },
  {
    name: 'replies-conversation',
    path: () => '/replies',
    ready: '.decide',
    act: async (page) => {
      await page.locator('.decide .lk.name').first().click();
      await page.locator('.phone .bub:not(.out)').first().waitFor();
      await page.locator('.top .gauge').waitFor();
    },
  },
  { name: 'opt-outs', path: () => '/opt-outs', ready: 'table.optouts tbody tr' },
  {
    name: 'opt-outs-proof',
    path: () => '/opt-outs',
    ready: 'table.optouts tbody tr',
    act: async (page) => {
      await page.locator('table.optouts .name').first().click();
      await page.locator('.life li').first().waitFor();
    },
  },
  {
    name: 'opt-outs-lift',
    path: () => '/opt-outs',
    ready: 'table.optouts tbody tr',
    act: async (page) => {
      await page.locator('table.optouts td .lk:not(.name)').first().click();
      await page.locator('dialog[open] input').waitFor();
    },
  },
  {
    name: 'opt-outs-import',
    path: () => '/opt-outs',
    ready: 'table.optouts tbody tr',
    act: async (page) => {
      await page.locator('.head .btn').first().click();
      await page.locator('dialog[open] input[type=file]').waitFor();
    },
  },
  { name: 'system', path: () => '/system', ready: '.kv' },
  { name: 'campaign', path: ({ running }) => `/campaigns/${String(running)}`, ready: '.people tbody tr.link' },
  { name: 'campaign-completed', path: ({ completed }) => `/campaigns/${String(completed)}`, ready: '.people tbody tr.link' },
  {
    name: 'campaign-add-people',
    path: ({ completed }) => `/campaigns/${String(completed)}`,
    ready: '.people tbody tr.link',
    act: async (page) => {
      await page.locator('.head .acts [popovertarget]').click();
      await page.locator('.menu:popover-open button').first().click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  { name: 'person-story', path: ({ completed }) => `/campaigns/${String(completed)}/people/2`, ready: '.phone .bub' },
  { name: 'activity', path: () => '/activity', ready: 'table tbody tr' },
  { name: 'settings-people', path: () => '/settings', ready: 'table tbody tr' },
  {
    name: 'settings-invite',
    path: () => '/settings',
    ready: 'table tbody tr',
    act: async (page) => {
      await page.locator('.sec-head .btn').click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  { name: 'settings-keys', path: () => '/settings?tab=keys', ready: '.empty, table tbody tr' },
  { name: 'settings-me', path: () => '/settings?tab=me', ready: 'table tbody tr' },
];
