import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { useShortcuts } from '../lib/ui/shortcuts.tsx';
import { useWords } from '../lib/words.ts';

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useWords();
  const shortcuts = useShortcuts();
  return (
    <Dialog title={t('shortcut.title')} onClose={onClose} actions={<Button onPress={onClose}>{t('action.close')}</Button>}>
      <p className="t13 q2">{t('shortcut.words')}</p>
      <dl className="kv facts">
        {shortcuts.map(({ keys, words }) => (
          <div className="pair" key={`${keys} ${words}`}>
            <dt>
              {keys.split('+').map((key, i) => (
                <span key={key}>
                  {i > 0 && ' + '}
                  <kbd>
                    {key.length === 1
                      ? key.toUpperCase()
                      : key === 'Shift'
                        ? t('shortcut.shift')
                        : key === 'Escape'
                          ? 'Esc'
                          : key}
                  </kbd>
                </span>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
