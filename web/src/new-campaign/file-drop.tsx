import { useEffect, useRef, useState } from 'react';
import { useMay } from '../lib/session.ts';
import { Button } from '../lib/ui/button.tsx';
import { Icon } from '../lib/ui/icon.tsx';
import { NoPermission } from '../lib/ui/no-permission.tsx';
import { ProblemNotice } from '../lib/ui/problem-notice.tsx';
import { useWords } from '../lib/words.ts';
import type { Draft, DryRun } from './draft.ts';
import { sendFile } from './send-file.ts';

interface Going {
  readonly name: string;
  readonly sent: number;
  readonly all: number;
}

/** A file comes by drag, by paste or by choice, and can be called off until it has been read. */
export function FileDrop({ draft, onRead }: { readonly draft: Draft; readonly onRead: (read: DryRun) => Promise<void> }) {
  const { t, rich } = useWords();
  const may = useMay('write');
  const [going, setGoing] = useState<Going>();
  const [problem, setProblem] = useState<unknown>(null);
  const [isOver, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(undefined);
  const { id } = draft.campaign;

  const take = async (file: File): Promise<void> => {
    if (stop.current !== undefined || !may) return;
    const called = new AbortController();
    stop.current = called;
    setProblem(null);
    setGoing({ name: file.name, sent: 0, all: file.size });
    try {
      const read = await sendFile({
        campaignId: id,
        file,
        signal: called.signal,
        onProgress: (sent, all) => setGoing({ name: file.name, sent, all }),
      });
      await onRead(read);
    } catch (error) {
      if (!called.signal.aborted) setProblem(error);
    } finally {
      stop.current = undefined;
      setGoing(undefined);
    }
  };
  const latest = useRef(take);
  latest.current = take;

  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(event.target.tagName)) return;
      const data = event.clipboardData;
      const file = data?.files[0];
      const text = data?.getData('text/plain') ?? '';
      if (file !== undefined) void latest.current(file);
      else if (text.trim() !== '') void latest.current(new File([text], t('people.pasted-file'), { type: 'text/plain' }));
      else return;
      event.preventDefault();
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, [t]);
  useEffect(() => () => stop.current?.abort(), []);

  return (
    <section>
      {problem !== null && <ProblemNotice error={problem} title={t('people.not-read')} />}
      {going !== undefined ? (
        <Progress going={going} onCancel={() => stop.current?.abort()} />
      ) : (
        <div
          className={isOver ? 'drop over' : 'drop'}
          role="group"
          aria-label={t('people.drop')}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            const file = event.dataTransfer.files[0];
            if (file !== undefined) void take(file);
          }}
        >
          <p>{rich('people.drop-here', {}, { kbd: (text) => <kbd>{text}</kbd> })}</p>
          <p className="q2">{t('people.drop-any')}</p>
          <input
            ref={chooser}
            className="sr"
            type="file"
            tabIndex={-1}
            aria-label={t('people.choose')}
            accept=".csv,.txt,.tsv,.xlsx,.ods"
            onChange={(event) => {
              const file = event.target.files?.[0];
              event.target.value = '';
              if (file !== undefined) void take(file);
            }}
          />
          <Button kind="primary" icon="file" disabled={!may} onPress={() => chooser.current?.click()}>
            {t('people.choose')}
          </Button>
          <p className="t12 q">{t('people.kinds')}</p>
          {!may && <NoPermission needs="write" />}
        </div>
      )}
      <p className="t12 q">{t('people.nobody-yet')}</p>
    </section>
  );
}

function Progress({ going, onCancel }: { readonly going: Going; readonly onCancel: () => void }) {
  const { t, f } = useWords();
  const { name, sent, all } = going;
  const share = all === 0 ? 1 : Math.min(1, sent / all);
  return (
    <div>
      <div className="sec-head">
        <h2 className="cut">
          <Icon name="file" /> {t('people.coming', { name })}
        </h2>
        <div className="right">
          <Button size="small" onPress={onCancel}>
            {t('people.cancel')}
          </Button>
        </div>
      </div>
      <div
        className="bar gap"
        role="progressbar"
        aria-label={t('people.coming', { name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <span className="f-used" style={{ flex: `${String(share)} 0 0` }} />
        <span className="f-pending" style={{ flex: `${String(1 - share)} 0 0` }} />
      </div>
      <div className="bar-cap">
        <span role="status">{share < 1 ? t('people.sending-file') : t('people.reading-file')}</span>
        <span>{t('people.sent-of', { sent: f.bytes(sent), all: f.bytes(all) })}</span>
      </div>
    </div>
  );
}
