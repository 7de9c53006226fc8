import type { Schemas } from '../lib/api.ts';
import { Bubble } from '../lib/message/bubble.tsx';
import { Phone } from '../lib/message/phone.tsx';
import { templateBubble } from '../lib/message/template-bubble.ts';
import { useSenderName } from '../lib/status.ts';
import { useWords } from '../lib/words.ts';

/** As the person sees it, with the examples its author gave. */
export function TemplatePreview({ template }: { readonly template: Schemas['Template'] }) {
  const { t, f } = useWords();
  const name = useSenderName();
  return (
    <aside className="side" aria-label={t('templates.preview')}>
      <p className="lab">
        <span>
          <b>{template.name}</b> · {f.languageName(template.language)}
        </span>
        <span>{t('templates.examples')}</span>
      </p>
      <Phone name={name} label={t('templates.preview')}>
        <Bubble
          content={templateBubble(template.components, {
            valueOf: () => undefined,
            missing: (one) => t('bubble.missing', { name: one }),
          })}
        />
      </Phone>
    </aside>
  );
}
