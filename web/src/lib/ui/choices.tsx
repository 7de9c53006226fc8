import { chooseTheme, shownTheme } from '../preferences.ts';
import { chooseLanguage, LANGUAGES, useWords } from '../words.ts';
import { Icon } from './icon.tsx';

const NAMES = { es: 'ES, español', en: 'EN, English' } as const;

export function LanguageChoice() {
  const { t, language } = useWords();
  return (
    <div className="langs" role="group" aria-label={t('top.language')}>
      {LANGUAGES.map((one) => (
        <button
          key={one}
          type="button"
          lang={one}
          aria-label={NAMES[one]}
          aria-pressed={one === language}
          onClick={() => void chooseLanguage(one)}
        >
          {one.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

export function ThemeButton() {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="lk plain"
      aria-label={t('top.theme')}
      title={t('top.theme')}
      onClick={() => chooseTheme(shownTheme() === 'dark' ? 'light' : 'dark')}
    >
      <Icon name="theme" />
    </button>
  );
}
