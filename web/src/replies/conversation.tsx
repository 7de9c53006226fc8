import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bubble } from '../lib/message/bubble.tsx';
import { Phone } from '../lib/message/phone.tsx';
import { phoneWords } from '../lib/phone-words.ts';
import { useSenderName } from '../lib/status.ts';
import { Icon } from '../lib/ui/icon.tsx';
import { When } from '../lib/ui/when.tsx';
import { useWords, type Words } from '../lib/words.ts';
import { DecideButtons } from './decide.tsx';
import { answeredQuery, conversationQuery, type Reply } from './queries.ts';
import { Said, whoWords } from './said.tsx';

function standing({ opted_out: out, doubtful }: Reply, { t }: Pick<Words, 't'>): string {
  if (out !== null) return t(`replies.gets-no-${out}`);
  return t(doubtful === null ? 'replies.may-be-written' : 'replies.gets-no-doubtful');
}

/** What this person got, all they wrote, and how they stand now. */
export function Conversation({ reply, onClose }: { readonly reply: Reply; readonly onClose: () => void }) {
  const words = useWords();
  const { t, f } = words;
  const name = useSenderName();
  const { campaign_id: campaign, recipient_id: recipient, phone } = reply;
  const { data } = useQuery({ ...conversationQuery(phone ?? ''), enabled: phone !== null });
  const answered = useQuery({
    ...answeredQuery(campaign ?? 0, recipient ?? 0),
    enabled: campaign !== null && recipient !== null,
  });
  const written = (data?.data ?? [reply]).toSorted((one, other) => one.sent_at.localeCompare(other.sent_at));
  return (
    <aside className="side" aria-label={t('replies.conversation')}>
      <p className="lab">
        <span>
          <b>
            <bdi>{whoWords(reply, words)}</bdi>
          </b>
        </span>
        <button type="button" className="lk plain" aria-label={t('action.close')} onClick={onClose}>
          <Icon name="x" />
        </button>
      </p>
      {phone !== null && <p className="t13 q2">{phoneWords(phone)}</p>}
      <p className="t13 after">
        {standing(reply, words)}
        {campaign !== null && recipient !== null && (
          <>
            {' '}
            <Link to="/campaigns/$id/people/$recipientId" params={{ id: campaign, recipientId: recipient }}>
              {t('replies.whole-story')}
            </Link>
          </>
        )}{' '}
        {phone !== null && (
          <Link to="/opt-outs" search={{ phone }}>
            {t('replies.consent')}
          </Link>
        )}
      </p>
      <div className="after">
        <Phone name={name} label={t('replies.conversation')}>
          {answered.data !== undefined && <Bubble content={answered.data.preview} />}
          {written.map((one) => (
            <div className="bub out" key={one.id}>
              <div className="tx">
                <p>
                  <Said reply={one} />
                </p>
              </div>
              <div className="tm">
                <When at={one.sent_at} />
              </div>
            </div>
          ))}
        </Phone>
      </div>
      {!reply.asked_to_stop && reply.opted_out === null && reply.doubtful === null && (
        <section className="after-16">
          <h3>{t('replies.is-it-out')}</h3>
          <DecideButtons reply={reply} />
        </section>
      )}
      {reply.decision !== null && (
        <p className="t12 q after">
          {t(reply.decision.opt_out ? 'replies.decided-out' : 'replies.decided-stays', {
            who: reply.decision.by ?? t('activity.system'),
            when: f.moment(reply.decision.at),
          })}
        </p>
      )}
    </aside>
  );
}
