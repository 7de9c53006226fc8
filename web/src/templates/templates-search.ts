/** What of the templates is shown: kept in the address. */
export const TABS = ['approved', 'attention'] as const;
export type Tab = (typeof TABS)[number];

export interface TemplatesSearch {
  readonly tab?: Tab;
  readonly search?: string;
  readonly category?: string;
  /** Of those shown, where `language` is the chosen one's. */
  readonly in?: string;
  /** The one beside the list: its name and its language. */
  readonly name?: string;
  readonly language?: string;
}

export function readTemplatesSearch(search: Record<string, unknown>): TemplatesSearch {
  const tab = TABS.find((one) => one === search['tab']);
  const words = (key: string): string | undefined => {
    const value = search[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [text, name, language, category, shown] = [
    words('search'),
    words('name'),
    words('language'),
    words('category'),
    words('in'),
  ];
  return {
    ...(tab === undefined ? {} : { tab }),
    ...(text === undefined ? {} : { search: text }),
    ...(category === undefined ? {} : { category }),
    ...(shown === undefined ? {} : { in: shown }),
    ...(name === undefined ? {} : { name }),
    ...(language === undefined ? {} : { language }),
  };
}
