import { useState } from 'react';
import { api, ask, newKey, type Schemas } from '../lib/api.ts';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Dialog } from '../lib/ui/dialog.tsx';
import { Field } from '../lib/ui/field.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { Notice } from '../lib/ui/notice.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { Template } from './draft.ts';

const KEPT = 'wasend_test_phone';

export interface SendTestProps {
  readonly template: Template;
  /** What the phone beside it shows, by the key of the variable. */
  readonly values: Readonly<Record<string, string>>;
  readonly onClose: () => void;
}

/** The message as it is shown, to one's own phone, before anybody else gets it. */
export function SendTest({ template, values, onClose }: SendTestProps) {
  const { t } = useWords();
  const may = useMay('send');
  const [to, setTo] = useState(() => sessionStorage.getItem(KEPT) ?? '');
  const [key, setKey] = useState(newKey);
  const [sent, setSent] = useState<Schemas['TestSendResult']>();
  const [problem, setProblem] = useState<unknown>(null);
  const send = async (): Promise<void> => {
    setProblem(null);
    setSent(undefined);
    sessionStorage.setItem(KEPT, to);
    try {
      const body = { template_name: template.name, template_language: template.language, to, parameters: { ...values } };
      setSent(await ask(api.POST('/api/v1/templates/send', { params: { header: { 'idempotency-key': key } }, body })));
    } catch (error) {
      setProblem(error);
    }
    setKey(newKey());
  };
  return (
    <Dialog
      title={t('test.title')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('action.close')}</Button>
          <Button kind="primary" icon="phone" onPress={send} disabled={to.trim() === '' || !may}>
            {t('test.send')}
          </Button>
        </>
      }
    >
      <Field label={t('test.to')} hint={t('test.hint')}>
        {(control) => (
          <input
            {...control}
            type="text"
            inputMode="tel"
            autoComplete="tel"
            autoFocus
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      {!may && <NoPermission needs="send" />}
      {problem !== null && <ProblemNotice error={problem} title={t('test.not-sent')} />}
      {sent !== undefined && (
        <Notice tone={sent.status === 'unknown' || sent.status === 'failed' ? 'warn' : 'ok'} live="status">
          {t(sent.status === 'unknown' ? 'test.unknown' : sent.status === 'failed' ? 'test.failed' : 'test.sent', {
            to: sent.to,
          })}
        </Notice>
      )}
    </Dialog>
  );
}
