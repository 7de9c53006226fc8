import type { Schemas } from '../lib/api.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { useWords } from '../lib/words.ts';

type Template = Schemas['Template'];

const SIGNS: Readonly<Partial<Record<Template['status'], readonly [tone: string, icon: string]>>> = {
  APPROVED: ['ok', 'tick'],
  PENDING: ['', 'clock'],
  IN_APPEAL: ['', 'clock'],
  PAUSED: ['paused', 'pause'],
};

const QUALITIES: Readonly<Record<Template['quality'], readonly [tone: string, icon: string | undefined]>> = {
  GREEN: ['ok', 'best'],
  YELLOW: ['warn', 'alert'],
  RED: ['bad', 'x'],
  UNKNOWN: ['q', undefined],
};

export function TemplateRow({
  template,
  isChosen,
  onChoose,
}: {
  readonly template: Template;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { t, f } = useWords();
  const [tone, icon] = SIGNS[template.status] ?? ['failed', 'x'];
  const [qualityTone, qualityIcon] = QUALITIES[template.quality];
  return (
    <tr className="link">
      <td>
        <button type="button" className="lk" aria-pressed={isChosen} onClick={onChoose}>
          {template.name}
        </button>
        {template.reason !== null && !template.usable && <div className="t12 warn">{template.reason}</div>}
      </td>
      <td data-k={t('templates.head-state')}>
        <span className={`st ${tone}`}>
          <Icon name={icon} />
          {t(`templates.status-${template.status}`)}
        </span>
      </td>
      <td className="nowrap" data-k={t('templates.head-quality')}>
        <span className={qualityTone}>
          {qualityIcon !== undefined && <Icon name={qualityIcon} />} {t(`templates.quality-${template.quality}`)}
        </span>
      </td>
      <td data-k={t('templates.head-category')}>
        {t(`templates.category-${template.category}`)}
        <div className="t12 q2">{f.languageName(template.language)}</div>
      </td>
      <td className="num" data-k={t('templates.head-variables')}>
        {f.number(template.variables.length)}
      </td>
    </tr>
  );
}
