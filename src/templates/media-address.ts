import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is wrong with the address of a picture, video or document, told by the address alone: nothing is fetched. */
export type MediaFault = 'private' | 'page' | 'type' | 'expired';

export type MediaKind = 'image' | 'video' | 'gif' | 'document';

/** @param now milliseconds; left out, a signature that has run out is not looked for. */
export function mediaFault(kind: MediaKind, address: string, now: number | undefined): MediaFault | undefined {
  const url = parse(address);
  if (url === undefined || isPrivate(url.hostname)) return 'private';
  if (isPage(url)) return 'page';
  const ending = endingOf(url);
  if (ending !== undefined && KNOWN.has(ending) && !TAKEN[kind].has(ending)) return 'type';
  const until = expiryOf(url.searchParams);
  return now !== undefined && until !== undefined && until <= now ? 'expired' : undefined;
}

/** The kinds of file Meta takes in a header, as people name them. */
export function takenEndings(kind: MediaKind): string {
  return [...TAKEN[kind]].join(', ');
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

const OFFICE = ['doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx'];
const TAKEN: Readonly<Record<MediaKind, ReadonlySet<string>>> = {
  image: new Set(['jpg', 'jpeg', 'png']),
  video: new Set(['mp4', '3gp']),
  gif: new Set(['mp4']),
  document: new Set(['pdf', 'txt', ...OFFICE]),
};
/** Endings that surely say what a file is; any other may be part of a name. */
const KNOWN = new Set([
  ...Object.values(TAKEN).flatMap((endings) => [...endings]),
  ...'gif webp svg bmp tif tiff heic heif avif ico psd ai mov avi mkv webm wmv flv m4v mp3 wav ogg opus aac m4a csv odt ods odp rtf zip rar 7z gz htm html json xml vcf ics epub'.split(
    ' ',
  ),
]);

function endingOf({ pathname }: URL): string | undefined {
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? undefined : name.slice(dot + 1).toLowerCase();
}

const UNREACHABLE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  UNREACHABLE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
  ['2001:db8::', 32],
] as const)
  UNREACHABLE.addSubnet(net, bits, 'ipv6');

/** Names and addresses that lead nowhere from Meta's machines. `URL` has already written 0x7f.1 and 2130706433 as 127.0.0.1. */
function isPrivate(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIPv4(host)) return UNREACHABLE.check(host, 'ipv4');
  if (isIPv6(host)) {
    const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(host);
    if (mapped === null) return UNREACHABLE.check(host, 'ipv6');
    const [high, low] = [Number.parseInt(mapped[1] ?? '0', 16), Number.parseInt(mapped[2] ?? '0', 16)];
    return UNREACHABLE.check([high >> 8, high & 255, low >> 8, low & 255].join('.'), 'ipv4');
  }
  return (
    !host.includes('.') ||
    /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/.test(host)
  );
}

/** Sites whose links show a page around the file, where the path (with what is asked for) does not ask for the file itself. */
const PAGES: readonly (readonly [host: RegExp, page: RegExp])[] = [
  [/^drive\.google\.com$/, /^\/(?!uc\b|download\b)/],
  [/^docs\.google\.com$/, /^(?!.*\/export\b)/],
  [/^(?:photos\.google\.com|photos\.app\.goo\.gl|(?:www\.)?icloud\.com|share\.icloud\.com)$/, /./],
  [/^(?:www\.)?dropbox\.com$/, /^(?!.*[?&](?:dl|raw)=1)/],
  [/^(?:1drv\.ms|onedrive\.live\.com)$/, /^(?!\/download\b)/],
  [/\.sharepoint\.com$/, /^(?!.*[?&]download=1)(?!.*\/_layouts\/15\/download\.aspx)/],
  [/^(?:we\.tl|(?:www\.)?wetransfer\.com|mega\.nz|mega\.io|(?:app\.)?box\.com|(?:www\.)?mediafire\.com)$/, /./],
  [
    /^(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com|tiktok\.com|facebook\.com|fb\.watch|instagram\.com|x\.com|twitter\.com|pinterest\.\w+)$/,
    /./,
  ],
  [/^(?:www\.)?(?:canva\.com|figma\.com|imgur\.com)$/, /./],
  [/^github\.com$/, /\/blob\/(?!.*[?&]raw=)/],
];

function isPage({ hostname, pathname, search }: URL): boolean {
  return PAGES.some(([host, page]) => host.test(hostname) && page.test(pathname + search));
}

/** When a signed address stops working (Amazon, Google, Azure, CloudFront). */
function expiryOf(query: URLSearchParams): number | undefined {
  for (const name of ['X-Amz', 'X-Goog']) {
    const [begun, seconds] = [query.get(`${name}-Date`), query.get(`${name}-Expires`)];
    const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(begun ?? '') ?? [];
    if (y !== undefined && /^\d{1,9}$/.test(seconds ?? ''))
      return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s)) + Number(seconds) * 1000;
  }
  const epoch = query.get('Expires') ?? query.get('expires');
  if (epoch !== null && /^\d{10}$/.test(epoch) && (query.has('Signature') || query.has('signature'))) return Number(epoch) * 1000;
  const azure = query.has('sig') ? Date.parse(query.get('se') ?? '') : Number.NaN;
  return Number.isNaN(azure) ? undefined : azure;
}
