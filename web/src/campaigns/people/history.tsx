import type { Schemas } from '../../lib/api.ts';
import { Icon } from '../../lib/ui/icon.tsx';
import { useWords } from '../../lib/words.ts';

type Story = Schemas['RecipientHistory'];
type Step =
  | Story['history'][number]
  | { readonly at: string; readonly attempt: null; readonly kind: 'replied'; readonly data: { readonly text: string } };

const STEPS: Readonly<Record<string, { readonly icon: string; readonly tone?: string }>> = {
  accepted: { icon: 'took' },
  held: { icon: 'held', tone: 'warn' },
  sent: { icon: 'tick' },
  delivered: { icon: 'ticks', tone: 'ok' },
  read: { icon: 'ticks', tone: 'blue' },
  failed: { icon: 'x', tone: 'bad' },
  again: { icon: 'retry' },
  retry: { icon: 'retry' },
  unknown: { icon: 'ask', tone: 'warn' },
  closed: { icon: 'took' },
  resend: { icon: 'retry' },
  incident: { icon: 'alert', tone: 'bad' },
  replied: { icon: 'reply' },
};

/** What happened to one message, step by step, with Meta's own words last and small. */
export function History({ campaign, story }: { readonly campaign: Schemas['Campaign']; readonly story: Story }) {
  const { t, f } = useWords();
  const replies: Step[] = story.replies.map((reply) => ({
    at: reply.sent_at,
    attempt: null,
    kind: 'replied',
    data: { text: reply.body ?? t('story.reply-kind', { kind: reply.type }) },
  }));
  const steps = inOrder([...story.history, ...replies]);
  return (
    <section className="part">
      <div className="sec-head">
        <h2>{t('history.title')}</h2>
        <div className="right t12 q">{t('history.zone', { zone: f.zoneName })}</div>
      </div>
      {steps.length === 0 && <p className="q2 after-16">{t('history.nothing')}</p>}
      <ol className="life after-16">
        {steps.map((step) => (
          <StepItem key={`${step.at} ${step.kind}`} step={step} campaign={campaign} story={story} />
        ))}
      </ol>
    </section>
  );
}

const RANKS = ['accepted', 'sent', 'delivered', 'read'];

/** By time; but WhatsApp's clock is not ours, and nothing is sent before it was accepted. */
function inOrder(steps: readonly Step[]): Step[] {
  const whens = new Map<Step, string>();
  for (const step of steps) {
    const rank = RANKS.indexOf(step.kind);
    const earlier = steps.filter(
      (other) => other.attempt === step.attempt && rank > 0 && RANKS.indexOf(other.kind) >= 0 && RANKS.indexOf(other.kind) < rank,
    );
    whens.set(step, [step.at, ...earlier.map(({ at }) => at)].toSorted().at(-1) ?? step.at);
  }
  return steps.toSorted(
    (one, other) =>
      (whens.get(one) ?? '').localeCompare(whens.get(other) ?? '') || RANKS.indexOf(one.kind) - RANKS.indexOf(other.kind),
  );
}

function StepItem({
  step,
  campaign,
  story,
}: {
  readonly step: Step;
  readonly campaign: Schemas['Campaign'];
  readonly story: Story;
}) {
  const { t, f } = useWords();
  const { icon, tone } = STEPS[step.kind] ?? { icon: 'info' };
  const known = step.kind in STEPS;
  const data: Readonly<Record<string, unknown>> = step.data;
  const raw = [data['code'], data['title'], data['message'], data['details'], data['fbtrace_id'] ?? data['trace']]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' · ');
  const text = data['text'];
  return (
    <li>
      <time dateTime={step.at} title={f.moment(step.at)}>
        {f.seconds(step.at)}
      </time>
      <Icon name={icon} {...(tone === undefined ? {} : { tone })} />
      <div>
        <p>
          <b>
            {known
              ? t(`step.${step.kind}${step.kind === 'accepted' && campaign.mode === 'sandbox' ? '-sandbox' : ''}`)
              : step.kind}
          </b>
          {step.attempt !== null && step.attempt > 1 && <span className="q"> · {t('step.attempt', { n: step.attempt })}</span>}
        </p>
        {typeof text === 'string' && (
          <p className="q2">
            «<bdi>{text}</bdi>»
          </p>
        )}
        {step.kind === 'delivered' && story.price !== null && (
          <p className="q2">{t('step.price', { price: f.money(story.price, campaign.currency, 4) })}</p>
        )}
        {step.kind === 'accepted' && story.wamid !== null && <p className="raw mono">{story.wamid}</p>}
        {raw !== '' && <p className="raw mono">{raw}</p>}
      </div>
    </li>
  );
}
