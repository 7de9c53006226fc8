export const TABS = ['people', 'keys', 'me'] as const;
export type SettingsTab = (typeof TABS)[number];

export function readSettingsSearch(search: Record<string, unknown>): { readonly tab?: SettingsTab } {
  const tab = TABS.find((one) => one === search['tab']);
  return tab === undefined ? {} : { tab };
}
