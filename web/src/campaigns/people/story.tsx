import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../../lib/api.ts';
import { Bubble } from '../../lib/message/bubble.tsx';
import { Phone } from '../../lib/message/phone.tsx';
import { SIGNS } from '../../lib/message/status.ts';
import { phoneWords } from '../../lib/phone-words.ts';
import { useSenderName } from '../../lib/status.ts';
import { Icon } from '../../lib/ui/icon.tsx';
import { LinkButton } from '../../lib/ui/link-button.tsx';
import { Loading } from '../../lib/ui/loading.tsx';
import { ProblemNotice } from '../../lib/ui/problem-notice.tsx';
import { Screen } from '../../lib/ui/screen.tsx';
import { useWords } from '../../lib/words.ts';
import { campaignQuery } from '../queries.ts';
import { DecideUnknown } from './decide-unknown.tsx';
import { History } from './history.tsx';
import { nameOf } from './person.ts';
import { bubbleQuery, storyQuery } from './queries.ts';

type Story = Schemas['RecipientHistory'];

/** Did it arrive, twice, why not, when again? One person's whole story, beside what is on their phone. */
export function PersonStory() {
  const { t } = useWords();
  const { id, recipientId } = useParams({ from: '/shell/campaigns/$id/people/$recipientId' });
  const campaign = useQuery(campaignQuery(id));
  const story = useQuery(storyQuery(id, recipientId));
  const crumb = (
    <>
      <Link to="/campaigns" search={{}}>
        {t('campaigns.title')}
      </Link>{' '}
      /{' '}
      <Link to="/campaigns/$id" params={{ id }} search={{}}>
        {campaign.data?.name ?? t('one.title', { id })}
      </Link>
    </>
  );
  if (story.data === undefined || campaign.data === undefined)
    return (
      <Screen title={t('story.title')} crumb={crumb}>
        {story.error === null && campaign.error === null ? (
          <Loading words={t('story.loading')} />
        ) : (
          <ProblemNotice error={story.error ?? campaign.error} title={t('story.failed')} retry={story.refetch} />
        )}
      </Screen>
    );
  return <Loaded campaign={campaign.data} story={story.data} crumb={crumb} />;
}

function Loaded({
  campaign,
  story,
  crumb,
}: {
  readonly campaign: Schemas['Campaign'];
  readonly story: Story;
  readonly crumb: React.ReactNode;
}) {
  const { t, f } = useWords();
  const name = nameOf(story);
  const toPerson = (recipientId: number) =>
    ({ to: '/campaigns/$id/people/$recipientId', params: { id: campaign.id, recipientId } }) as const;
  return (
    <Screen
      title={name === '' ? phoneWords(story.phone) : name}
      crumb={crumb}
      sub={
        <span className="row wrap">
          <span className="nowrap">{phoneWords(story.phone)}</span>
          <span className="q sep">·</span>
          <span className={`st ${story.status}`}>
            <Icon name={SIGNS[story.status]} />
            {t(`message.${story.status}`)}
          </span>
          <span className="q sep">·</span>
          <span className="q2">{t('story.row', { row: f.number(story.row) })}</span>
        </span>
      }
      actions={
        <>
          {story.id > 1 && <LinkButton {...toPerson(story.id - 1)} icon="left" aria-label={t('story.previous')} />}
          {story.id < campaign.total_recipients && (
            <LinkButton {...toPerson(story.id + 1)} icon="right" aria-label={t('story.next')} />
          )}
        </>
      }
    >
      <div className="wizard">
        <div>
          <StorySentence story={story} isSandbox={campaign.mode === 'sandbox'} />
          {story.status === 'unknown' && (
            <div className="part">
              <DecideUnknown campaignId={campaign.id} recipientId={story.id} />
            </div>
          )}
          <History campaign={campaign} story={story} />
          <Row story={story} />
        </div>
        <aside className="side" aria-label={t('story.phone')}>
          <OnThePhone campaign={campaign} story={story} />
        </aside>
      </div>
    </Screen>
  );
}

function StorySentence({ story, isSandbox }: { readonly story: Story; readonly isSandbox: boolean }) {
  const { t, f, rich } = useWords();
  const at = (moment: string | null): string => (moment === null ? '' : f.moment(moment));
  const { status } = story;
  const key =
    status === 'accepted' && isSandbox
      ? 'story.say-accepted-sandbox'
      : status === 'pending' && story.next_attempt_at !== null
        ? 'story.say-again'
        : `story.say-${status}`;
  return (
    <p className="boss small">
      {rich(key, {
        accepted: at(story.accepted_at),
        sent: at(story.sent_at ?? story.accepted_at),
        delivered: at(story.delivered_at),
        read: at(story.read_at),
        again: at(story.next_attempt_at),
        why: story.error?.title ?? (story.reason === 'opted_out' ? t('reason.opted-out') : ''),
      })}
      {story.replies.length > 0 && <> {t('story.replied', { count: story.replies.length })}</>}
    </p>
  );
}

/** What the file said of them. */
function Row({ story }: { readonly story: Story }) {
  const { t } = useWords();
  const columns = Object.entries(story.data);
  if (columns.length === 0) return null;
  return (
    <section className="part">
      <div className="sec-head">
        <h2>{t('story.file')}</h2>
      </div>
      <dl className="kv">
        {columns.map(([column, value]) => (
          <div className="contents" key={column}>
            <dt>{column}</dt>
            <dd>{value === '' ? <span className="q">{t('story.empty')}</span> : <bdi>{value}</bdi>}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function OnThePhone({ campaign, story }: { readonly campaign: Schemas['Campaign']; readonly story: Story }) {
  const { t, f } = useWords();
  const name = useSenderName();
  const { data, error } = useQuery(bubbleQuery(campaign.id, story.id));
  const arrived = story.delivered_at ?? story.sent_at ?? story.accepted_at;
  return (
    <>
      <p className="lab">
        <span>{t(arrived === null ? 'story.would-be' : 'story.phone')}</span>
      </p>
      {error !== null && <ProblemNotice error={error} title={t('story.no-bubble')} />}
      {data !== undefined && (
        <Phone name={name} label={t('story.phone')}>
          <Bubble content={data.preview} {...(arrived === null ? {} : { time: f.time(arrived) })} />
          {story.replies.map((reply) => (
            <div className="bub out" key={reply.id}>
              <div className="tx">
                <p>
                  <bdi>{reply.body ?? t('story.reply-kind', { kind: reply.type })}</bdi>
                </p>
              </div>
              <div className="tm">{f.time(reply.sent_at)}</div>
            </div>
          ))}
        </Phone>
      )}
    </>
  );
}
