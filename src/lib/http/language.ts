/** Answers in the language of whoever asks: sentences among them are put into words at the last moment, before the answer is written. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { translateAll } from '../words/sentence.ts';
import { LANGUAGES, type Language, languageOf } from '../words/words.ts';
import type { App } from './fastify-types.ts';

const fallbacks = new WeakMap<object, Language>();

/**
 * Who has chosen a language in the page is answered in it (its cookie; a stream of events can name no other header). Else
 * Accept-Language decides, then what the installation has set, then English.
 */
export function readerLanguage(request: FastifyRequest): Language {
  const chosen = /(?:^|;\s*)wasend_language=(\w\w)(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  return (
    LANGUAGES.find((language) => language === chosen) ??
    languageOf(request.headers['accept-language'], fallbacks.get(request.server.server))
  );
}

/** Of an answer whose words depend on the reader. */
export function nameLanguage(reply: FastifyReply, language: Language): void {
  const vary = String(reply.getHeader('vary') ?? '');
  if (!/accept-language/i.test(vary)) reply.header('vary', vary === '' ? 'Accept-Language' : `${vary}, Accept-Language`);
  reply.header('content-language', language);
}

/** @param fallback of readers who ask for no language that the catalogues have. */
export function speakLanguages(app: App, fallback: Language): void {
  fallbacks.set(app.server, fallback);
  app.addHook('preSerialization', async (request, reply, payload) => {
    const language = readerLanguage(request);
    nameLanguage(reply, language);
    return translateAll(payload, language);
  });
}
