import type { ReactNode } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words.ts';
import { WhatsAppText } from './whatsapp-text.tsx';

export interface BubbleHeader {
  /** text, image, video, gif, document, location, product, or a kind Meta has added since. */
  readonly kind: string;
  readonly text?: string;
  readonly link?: string;
  readonly id?: string;
  readonly filename?: string | null;
  readonly location?: {
    readonly latitude?: string;
    readonly longitude?: string;
    readonly name?: string;
    readonly address?: string;
  };
}

export interface BubbleButton {
  readonly kind: string;
  readonly text: string;
  readonly url?: string;
  readonly phone_number?: string;
  readonly code?: string;
}

export interface BubbleCard {
  readonly header?: BubbleHeader;
  readonly body: string;
  readonly buttons: readonly BubbleButton[];
}

/** A message as the person sees it: what a preview of the API answers, or made from a template (template-bubble.ts). Values in a text may be marked (values.ts). */
export interface BubbleContent extends BubbleCard {
  readonly footer?: string;
  readonly limited_time_offer?: { readonly text: string; readonly expires_at?: string };
  readonly cards?: readonly BubbleCard[];
}

const BUTTON_SIGNS: Readonly<Record<string, string>> = {
  url: 'link',
  phone_number: 'phone',
  quick_reply: 'reply',
  copy_code: 'copy',
  otp: 'copy',
  flow: 'list',
  catalog: 'store',
  mpm: 'list',
  spm: 'store',
  voice_call: 'phone',
  order_details: 'store',
};

/** From the fourth on WhatsApp folds them into a list. */
const SHOWN_BUTTONS = 3;

/** The business's message, left and white, with the cards of a carousel below it. */
export function Bubble({ content, time }: { readonly content: BubbleContent; readonly time?: string }) {
  return (
    <>
      <Message content={content} time={time} />
      {content.cards !== undefined && content.cards.length > 0 && <Cards cards={content.cards} />}
    </>
  );
}

function Message({ content, time }: { readonly content: BubbleContent; readonly time: string | undefined }) {
  const { header, body, footer, limited_time_offer: offer, buttons } = content;
  return (
    <div className="bub">
      {header !== undefined && header.kind !== 'text' && <Media header={header} />}
      {offer !== undefined && <Offer {...offer} code={buttons.find(({ code }) => code !== undefined)?.code} />}
      <div className="tx">
        {header?.kind === 'text' && (
          <p className="hd">
            <WhatsAppText text={header.text ?? ''} />
          </p>
        )}
        <p>
          <WhatsAppText text={body} />
        </p>
      </div>
      {footer !== undefined && footer !== '' && <div className="ft">{footer}</div>}
      <div className="tm">{time}</div>
      <Buttons buttons={buttons} />
    </div>
  );
}

function Buttons({ buttons }: { readonly buttons: readonly BubbleButton[] }) {
  const { t } = useWords();
  const isFolded = buttons.length > SHOWN_BUTTONS;
  const shown = isFolded ? buttons.slice(0, SHOWN_BUTTONS - 1) : buttons;
  return (
    <>
      {shown.map((button) => (
        <div className="bt" key={`${button.kind} ${button.text}`} title={button.url ?? button.phone_number ?? undefined}>
          <Icon name={BUTTON_SIGNS[button.kind] ?? 'info'} />
          {button.text}
        </div>
      ))}
      {isFolded && (
        <div className="bt" title={buttons.map(({ text }) => text).join(' · ')}>
          <Icon name="list" />
          {t('bubble.see-all')}
        </div>
      )}
    </>
  );
}

function Media({ header }: { readonly header: BubbleHeader }) {
  const { t } = useWords();
  const { kind, link, id, location } = header;
  const name = fileName(link) ?? id;
  switch (kind) {
    case 'document':
      return (
        <div className="doc">
          <Icon name="file" />
          <span className="grow">
            <bdi>{header.filename ?? name ?? t('bubble.document')}</bdi>
            <small>{t('bubble.document')}</small>
          </span>
        </div>
      );
    case 'video':
    case 'gif':
      return (
        <div className="media">
          <span className="play">
            <Icon name="play" />
          </span>
          <span className="len">{name ?? t(`bubble.${kind}`)}</span>
        </div>
      );
    case 'location':
      return (
        <div className="media">
          <span>
            <Icon name="pin" />
            <br />
            <bdi>{location?.name ?? t('bubble.location')}</bdi>
            {location?.address !== undefined && (
              <>
                <br />
                <bdi>{location.address}</bdi>
              </>
            )}
          </span>
        </div>
      );
    case 'image':
    case 'product':
      return <Picture sign={kind === 'product' ? 'store' : 'image'} name={name ?? t(`bubble.${kind}`)} />;
    default:
      return <Picture sign="file" name={kind} />;
  }
}

/** Its name instead of the picture: this page loads nothing from elsewhere. */
function Picture({ sign, name }: { readonly sign: string; readonly name: ReactNode }) {
  return (
    <div className="media">
      <span>
        <Icon name={sign} />
        <br />
        <bdi>{name}</bdi>
      </span>
    </div>
  );
}

function Offer({
  text,
  expires_at: expires,
  code,
}: {
  readonly text: string;
  readonly expires_at?: string;
  readonly code: string | undefined;
}) {
  const { t, f } = useWords();
  const until = expires === undefined ? undefined : new Date(/^\d+$/.test(expires) ? Number(expires) : expires);
  const ends =
    until === undefined || Number.isNaN(until.getTime()) ? undefined : t('bubble.offer-ends', { when: f.moment(until) });
  const about = [ends, code === undefined ? undefined : t('bubble.code', { code })].filter((part) => part !== undefined);
  return (
    <div className="offer">
      <span className="ava">
        <Icon name="gift" />
      </span>
      <span>
        <b>{text}</b>
        <small>{about.join(' · ')}</small>
      </span>
    </div>
  );
}

function Cards({ cards }: { readonly cards: readonly BubbleCard[] }) {
  const { t } = useWords();
  return (
    // Reached by keyboard, since it scrolls.
    <div className="car" role="group" tabIndex={0} aria-label={t('bubble.cards', { count: cards.length })}>
      {cards.map((card, i) => (
        <div className="bub" key={i}>
          {card.header !== undefined && <Media header={card.header} />}
          <div className="tx">
            <p>
              <WhatsAppText text={card.body} />
            </p>
          </div>
          <Buttons buttons={card.buttons} />
        </div>
      ))}
    </div>
  );
}

function fileName(link: string | undefined): string | undefined {
  if (link === undefined) return undefined;
  const last = link.split(/[?#]/, 1)[0]?.split('/').at(-1);
  return last === undefined || last === '' ? link : last;
}
