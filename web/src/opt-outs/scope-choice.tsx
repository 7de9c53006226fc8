import { textOf } from '../lib/form.ts';
import { useWords } from '../lib/words.ts';
import { SCOPES, type Scope } from './opt-outs-search.ts';

/** From what the person is left alone. */
export function ScopeChoice() {
  const { t } = useWords();
  return (
    <fieldset className="field">
      <legend className="label">{t('optouts.gets-no')}</legend>
      {SCOPES.map((scope) => (
        <label className="choice" key={scope}>
          <input type="radio" name="scope" value={scope} defaultChecked={scope === 'all'} />
          <span>
            <b>{t(`optouts.scope-${scope}`)}</b>
            <span className="q2">{t(`optouts.scope-${scope}-words`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function scopeOf(form: FormData): Scope {
  return textOf(form, 'scope') === 'marketing' ? 'marketing' : 'all';
}
