import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Bubble } from '../lib/message/bubble.tsx';
import { Phone } from '../lib/message/phone.tsx';
import { templateBubble } from '../lib/message/template-bubble.ts';
import { statusQuery } from '../lib/status.ts';
import { Button } from '../lib/ui/button.tsx';
import { useWords } from '../lib/words.ts';
import { type Draft, valueFrom, wholeMapping } from './draft.ts';
import { peopleQuery, preflightQuery } from './queries.ts';
import { SendTest } from './send-test.tsx';

/** The phone beside every step: first with Meta's examples, then with the file's values, then person by person. */
export function PreviewSide({ draft }: { readonly draft: Draft }) {
  const { t, f } = useWords();
  const { campaign, template, dryRun } = draft;
  const { data: status } = useQuery(statusQuery);
  const hasPeople = campaign.by_status.pending > 0;
  const { data: people } = useQuery({ ...peopleQuery(campaign.id), enabled: hasPeople });
  const { data: preflight } = useQuery({ ...preflightQuery(campaign.id), enabled: hasPeople });
  const [at, setAt] = useState(0);
  const [isTesting, setTesting] = useState(false);
  // While a file is looked at, its values; the people of the list else.
  const listed = dryRun === undefined ? (people?.data ?? []) : [];
  const samples = Math.max(0, ...(dryRun?.columns ?? []).map((column) => column.samples.length));
  const count = dryRun === undefined ? listed.length : samples;
  const shown = Math.min(at, Math.max(0, count - 1));
  const person = listed[shown];
  const row =
    person?.data ??
    Object.fromEntries((dryRun?.columns ?? []).map((column) => [column.name, column.samples[shown] ?? column.samples[0] ?? '']));
  const mapping =
    dryRun === undefined && preflight !== undefined
      ? { ...(preflight.mapping as ReturnType<typeof wholeMapping>), ...wholeMapping(draft) }
      : wholeMapping(draft);
  const hasValues = count > 0;
  // Beside real values no example stands in: what is not mapped is shown as missing.
  const valueOf = (key: string): string | undefined => (hasValues ? (valueFrom(mapping[key], row) ?? '') : undefined);
  const name = status?.number.verified_name ?? status?.number.display_phone_number ?? status?.name ?? 'WhatsApp';
  return (
    <aside className="side" aria-label={t('preview.title')}>
      <p className="lab">
        <span>{t(person === undefined ? 'preview.how-it-looks' : 'preview.how-they-see-it')}</span>
        <span>
          {person !== undefined
            ? t('preview.line', { row: f.number(person.row) })
            : t(hasValues ? 'preview.file-values' : 'preview.examples')}
        </span>
      </p>
      <div className="stepper">
        <Button icon="left" aria-label={t('preview.before')} disabled={shown === 0} onPress={() => setAt(shown - 1)}>
          {null}
        </Button>
        <div className="where">
          {person !== undefined ? (
            <>
              <b>{person.phone}</b>
              <div className="t12 q">{t('preview.of', { at: f.number(shown + 1), count: f.number(count) })}</div>
            </>
          ) : (
            <span className="q">
              {hasValues ? t('preview.of', { at: f.number(shown + 1), count: f.number(count) }) : t('preview.nobody')}
            </span>
          )}
        </div>
        <Button icon="right" aria-label={t('preview.after')} disabled={shown >= count - 1} onPress={() => setAt(shown + 1)}>
          {null}
        </Button>
      </div>
      <Phone name={name} label={t('preview.title')}>
        {template === undefined ? (
          <p className="q t13">{t('preview.no-template')}</p>
        ) : (
          <Bubble
            content={templateBubble(template.components, {
              valueOf,
              missing: (missing) => t('bubble.missing', { name: missing }),
            })}
          />
        )}
      </Phone>
      {template !== undefined && (
        <>
          <p className="t12 q under-phone">{t(hasValues ? 'preview.marked-from-file' : 'preview.marked-will-be')}</p>
          <Button wide icon="phone" onPress={() => setTesting(true)}>
            {t('test.open')}
          </Button>
        </>
      )}
      {isTesting && template !== undefined && (
        <SendTest
          template={template}
          values={Object.fromEntries(
            template.variables.flatMap(({ key, example }) => {
              const value = valueOf(key) ?? example;
              return value === undefined || value === '' ? [] : [[key, value]];
            }),
          )}
          onClose={() => setTesting(false)}
        />
      )}
    </aside>
  );
}
