/** What a person has chosen for this browser. In cookies, because the server draws the first picture with it: no flash of the other theme. */
export type Theme = 'light' | 'dark';

const YEAR_SECONDS: number = 31_536_000;

export function keepPreference(name: 'wasend_language' | 'wasend_theme', value: string): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${value}; path=/; max-age=${String(YEAR_SECONDS)}; samesite=lax${secure}`;
}

export function shownTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  keepPreference('wasend_theme', theme);
}
