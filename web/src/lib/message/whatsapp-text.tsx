/** Text as WhatsApp shows it: *bold* _italic_ ~strike~ `code` ```block```, lists, quotes and links. Nothing else is markup. */
import { Fragment, type ReactNode } from 'react';
import { CLOSE, MISSING, OPEN } from './values.ts';

const MARKS = [
  { mark: '*', tag: 'b' },
  { mark: '_', tag: 'i' },
  { mark: '~', tag: 's' },
] as const;

/** What a mark may stand beside outside: anything but a letter or digit. A value's edge is not a letter. */
const INLINE =
  /`([^`\n]+)`|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])|((?:https?:\/\/|www\.)[^\s<>"\uE001\uE002]+[^\s<>"\uE001\uE002.,;:!?)\]])/gu;

const VALUE = new RegExp(`${OPEN}(${MISSING})?([^${CLOSE}]*)${CLOSE}`, 'u');

export function WhatsAppText({ text }: { readonly text: string }): ReactNode {
  return text.split(/```([\s\S]+?)```/).map((part, i) =>
    // The order of the parts is their only name, and they are drawn anew together.
    i % 2 === 1 ? (
      <code key={i} className="block">
        {values(part)}
      </code>
    ) : (
      <Fragment key={i}>{lines(part)}</Fragment>
    ),
  );
}

function lines(text: string): ReactNode {
  if (text === '') return null;
  return text.split('\n').map((line, i, all) => {
    const end = i === all.length - 1 ? null : '\n';
    const [, sign, rest] = /^(>|[-*•]|\d{1,3}\.)\s+(.*)$/u.exec(line) ?? [];
    if (sign === undefined || rest === undefined || isBold(line))
      return (
        <Fragment key={i}>
          {inline(line)}
          {end}
        </Fragment>
      );
    return (
      <span
        key={i}
        className={sign === '>' ? 'wa-quote' : 'wa-item'}
        data-sign={sign === '>' ? undefined : /\d/.test(sign) ? sign : '•'}
      >
        {inline(rest)}
      </span>
    );
  });
}

/** `* item` is a list, `*bold*` is not. */
function isBold(line: string): boolean {
  return /^\*\S/.test(line);
}

function inline(text: string): ReactNode {
  const nodes: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(<Fragment key={from}>{values(text.slice(from, match.index))}</Fragment>);
    nodes.push(<Fragment key={`m${String(match.index)}`}>{markedUp(match)}</Fragment>);
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(<Fragment key={from}>{values(text.slice(from))}</Fragment>);
  return nodes;
}

function markedUp([whole, code, mark, inner, link]: RegExpMatchArray): ReactNode {
  if (code !== undefined) return <code>{values(code)}</code>;
  if (link !== undefined) return <span className="wa-link">{link}</span>;
  const tag = MARKS.find((one) => one.mark === mark)?.tag;
  if (tag === undefined || inner === undefined) return whole;
  const Tag = tag;
  return <Tag>{inline(inner)}</Tag>;
}

/** A value is set apart, so that one written from right to left moves nothing beside it. */
function values(text: string): ReactNode {
  const match = VALUE.exec(text);
  if (match === null) return text;
  const [whole, missing, value] = match;
  return (
    <>
      {text.slice(0, match.index)}
      <bdi className={missing === undefined ? 'v' : 'v miss'}>{value}</bdi>
      {values(text.slice(match.index + whole.length))}
    </>
  );
}
