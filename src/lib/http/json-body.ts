import { Problem } from '../problem.ts';
import { say } from '../words/sentence.ts';
import type { App } from './fastify-types.ts';

/** Nothing this API takes is half as deep; much deeper, and whoever walks through it runs out of stack. */
const MAX_DEPTH = 50;

/**
 * Many clients name a Content-Type also where they send nothing. No bytes are no body: a route that takes none does its work, and
 * one that needs one says so itself. Anything else is read as Fastify reads it, names that would poison an object refused.
 */
export function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    let text: string;
    try {
      text = decoded(body, request.headers['content-type'] ?? '');
      refuseDepth(text);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    // Answers through `done` alone.
    void parse(request, text, (error, value: unknown) => {
      // Escapes can spell what the bytes could not.
      if (error === null && /\\u(?:0000|d[89a-f])/i.test(text) && hasBrokenText(value)) done(brokenText());
      else done(error, value);
    });
  });
}

/** By the charset that is named, else as UTF-8; never with a replacement character where there was something else. */
function decoded(body: Buffer, contentType: string): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  const decoder = decoderOf(charset);
  if (decoder === undefined) throw new Problem('unsupported_media_type', say('server.http.known-character-set', { charset }));
  try {
    return decoder.decode(body);
  } catch {
    throw new Problem('unreadable_body', say('server.http.body-valid-letters', { charset: charset.toUpperCase() }));
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return undefined;
  }
}

function refuseDepth(text: string): void {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInText = false;
    } else if (code === QUOTE) isInText = true;
    else if (code === BRACKET || code === BRACE) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new Problem('unreadable_body', say('server.http.body-nested-more', { maxDepth: MAX_DEPTH }));
    } else if (code === BRACKET_END || code === BRACE_END) depth -= 1;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

/** Half a character, or the one that a database cannot keep: stored, they would come out as another. */
function hasBrokenText(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed() || value.includes('\0');
  if (Array.isArray(value)) return value.some(hasBrokenText);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => hasBrokenText(key) || hasBrokenText(part));
}

function brokenText(): Problem {
  return new Problem('unreadable_body', say('server.http.text-body-holds'));
}
