import { Empty } from '../lib/ui/empty.tsx';
import { LinkButton } from '../lib/ui/link-button.tsx';
import { useWords } from '../lib/words.ts';

/** Where somebody begins who has never sent one. */
export function NoCampaigns() {
  const { t, rich } = useWords();
  return (
    <Empty
      title={t('campaigns.empty-title')}
      actions={
        <LinkButton to="/campaigns/new" kind="primary" icon="plus" shortcut="N">
          {t('new.title')}
        </LinkButton>
      }
    >
      <ol className="how">
        {['message', 'people', 'pace', 'review'].map((step) => (
          <li key={step}>{rich(`campaigns.empty-${step}`)}</li>
        ))}
      </ol>
      <p className="q2">{t('campaigns.empty-safe')}</p>
    </Empty>
  );
}
