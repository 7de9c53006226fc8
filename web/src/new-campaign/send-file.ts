/** A file on its way to the server: by XMLHttpRequest, because fetch does not say how much of a body has left. */
import { ApiProblem, newKey } from '../lib/api.ts';
import { sessionExpired } from '../lib/session-expired.ts';
import { shownLanguage, t } from '../lib/words.ts';
import type { DryRun } from './draft.ts';

export interface FileSend {
  readonly campaignId: number;
  readonly file: File;
  readonly signal: AbortSignal;
  readonly onProgress: (sentBytes: number, allBytes: number) => void;
}

/** Gives the dry run when the whole file has been read. */
export function sendFile({ campaignId, file, signal, onProgress }: FileSend): Promise<DryRun> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/campaigns/${String(campaignId)}/uploads`);
    request.setRequestHeader('accept-language', shownLanguage());
    request.setRequestHeader('idempotency-key', newKey());
    request.upload.onprogress = (event) => onProgress(event.loaded, event.total);
    request.onerror = () =>
      reject(new ApiProblem(0, { code: 'offline', title: t('error.offline-title'), detail: t('error.offline') }));
    request.onabort = () => reject(new DOMException('called off', 'AbortError'));
    request.onload = () => {
      const body = readJson(request.responseText);
      if (request.status === 201) resolve(body as unknown as DryRun);
      else {
        if (request.status === 401) sessionExpired.set(true);
        reject(new ApiProblem(request.status, body));
      }
    };
    signal.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
