// Preloaded into a process of the product (`node --import points.mjs main.js start`): kills the process at a named point of its
// work, told by a message from outside. The product knows nothing of it: the points are found by what passes through the two
// drivers, `pg` (the text of a statement) and `undici` (the POST to Meta).
//
//   claim    the statement that claims and marks           post     the POST to Meta
//   record   the statement that writes an outcome down     store    a webhook goes into the journal
//   apply    stored webhooks are taken and applied         move     a campaign changes its state
//   upload   people of a file are written, and published
//
//   .before  nothing has left this process yet   .sent  written to the other side, no answer yet   .done  answered, not yet noticed
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** @type {Map<string, number>} point -> how many more times it may be passed */
const armed = new Map();

/** @param {string} point */
function pass(point) {
  const left = armed.get(point);
  if (left === undefined) return;
  if (left > 1) armed.set(point, left - 1);
  else process.kill(process.pid, 'SIGKILL');
}

/** @type {readonly [string, RegExp][]} */
const STATEMENTS = [
  ['claim', /picked as materialized/],
  ['record', /held_campaigns as materialized/],
  ['store', /insert into webhook_events/],
  ['apply', /delete from webhook_pending/],
  ['move', /update campaigns set\s+status/],
  ['upload', /insert into recipients/],
];

/** @param {unknown} query @returns {string} */
function textOf(query) {
  if (typeof query === 'string') return query;
  return typeof query === 'object' && query !== null && 'text' in query && typeof query.text === 'string' ? query.text : '';
}

/** Texts are constants of the product: looked at once each. @type {Map<string, string | undefined>} */
const known = new Map();
/** @param {string} text */
function nameOf(text) {
  if (!known.has(text)) known.set(text, STATEMENTS.find(([, pattern]) => pattern.test(text))?.[0]);
  return known.get(text);
}

function watchDatabase() {
  const pg = createRequire(import.meta.url)('pg');
  const query = pg.Client.prototype.query;
  /** What the transaction of a connection is about. @type {WeakMap<object, string>} */
  const about = new WeakMap();
  pg.Client.prototype.query = function (...args) {
    const text = textOf(args[0]);
    let name = nameOf(text);
    if (text.startsWith('begin')) about.delete(this);
    else if (name === 'apply') about.set(this, 'apply');
    // The same statement writes what the answers told and what the webhooks told.
    else if (name === 'record' && about.get(this) === 'apply') name = 'applied';
    else if (text === 'commit' && about.has(this)) name = 'commit';
    if (name === undefined) return query.apply(this, args);
    pass(`${name}.before`);
    const result = query.apply(this, args);
    setImmediate(() => pass(`${name}.sent`));
    if (result === undefined || typeof result.then !== 'function') return result;
    return result.then((/** @type {unknown} */ value) => {
      pass(`${name}.done`);
      return value;
    });
  };
}

function watchMeta() {
  // Whatever pool the product has, each connection of it is one of these.
  const { Client } = createRequire(import.meta.url)('undici');
  const dispatch = Client.prototype.dispatch;
  Client.prototype.dispatch = function (options, handler) {
    if (options.method !== 'POST' || !String(options.path).endsWith('/messages')) return dispatch.call(this, options, handler);
    pass('post.before');
    const start = handler.onRequestStart;
    const end = handler.onResponseEnd;
    handler.onRequestStart = function (...args) {
      setImmediate(() => pass('post.sent'));
      return start.apply(this, args);
    };
    handler.onResponseEnd = function (...args) {
      pass('post.done');
      return end.apply(this, args);
    };
    return dispatch.call(this, options, handler);
  };
}

if (isMainThread) {
  watchDatabase();
  watchMeta();
  process.on('message', (message) => {
    if (typeof message !== 'object' || message === null) return;
    if ('arm' in message) armed.set(String(message.arm), Number(message.hit ?? 1));
    if ('disarm' in message) armed.clear();
  });
  process.channel?.unref();
}
