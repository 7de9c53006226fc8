/**
 * Columns in which a list says itself who does not want to be written to: "Accepts SMS Marketing: no", "Opted out of WhatsApp: Yes".
 * Exports of shops and CRMs have them, and whoever uploads the export seldom looks.
 */

export interface ConsentColumn {
  readonly index: number;
  readonly name: string;
  /** What a yes in it means. */
  readonly yesIs: 'consent' | 'refusal';
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const CHANNELS: readonly (readonly [rank: number, names: ReadonlySet<string>])[] = [
  [3, words('whatsapp wa wsp whatsap')],
  [2, words('sms movil mobile celular texto text textos telefono phone')],
];
/** Says nothing of WhatsApp, unless WhatsApp is named beside it. */
const OTHER_CHANNELS = words('email mail correo correos emails newsletter boletin call calls llamadas llamada fax postal direct');

/** Rows of words, the first that fits decides; a word ends with * when more may follow. */
const REFUSALS =
  'opt* out|optout*|opted out|unsubscrib*|desuscri*|desinscri*|descadastr*|no contact*|do not contact|do not *|dont *|nao contat*|nao enviar|nao pertub*|no enviar|no molestar|no llamar|no escribir|no acepta|no autoriza|nao aceita|dnc|baja|dado de baja|dada de baja|blacklist*|lista negra|bloquead*|blocked|suppress*|excluir|excluid*|rechaz*|revocad*|opt* de salida|stop';
const CONSENTS =
  'accept* marketing|accepts *|accept* sms|accept* whatsapp|acepta*|aceita*|autoriza*|consent*|consient*|opt* in|optin*|opted in|subscrib*|suscri*|inscri*|permission|permiso*|permite*|allow*|marketing status|subscription status|recibe promociones|recibir promociones|desea recibir|quiere recibir|deseja receber|marketing permission|habeas data|tratamiento de datos|lgpd|gdpr|rgpd';

const compile = (rows: string): readonly RegExp[] =>
  rows.split('|').map((row) => new RegExp(`(?:^| )${row.replaceAll(' *', ' \\S*').replace(/(?<=\w)\*/g, '\\S*')}(?: |$)`));
const REFUSAL_NAMES = compile(REFUSALS);
const CONSENT_NAMES = compile(CONSENTS);
/** A day on which it was said, who said it: no yes and no no. */
const NOT_AN_ANSWER = words(
  'fecha date data hora time timestamp at source fuente origen origem ip url nivel level motivo reason razon by por',
);

/** The columns to obey: those that speak of WhatsApp, else of text messages, else of marketing as such. */
export function consentColumnsOf(columns: readonly string[]): ConsentColumn[] {
  const found = columns.flatMap((name, index) => {
    const column = readName(name);
    return column === undefined ? [] : [{ index, name, ...column }];
  });
  const highest = Math.max(0, ...found.map(({ rank }) => rank));
  return found.filter(({ rank }) => rank === highest).map(({ index, name, yesIs }) => ({ index, name, yesIs }));
}

function readName(name: string): { yesIs: ConsentColumn['yesIs']; rank: number } | undefined {
  if (name.length > 100) return undefined;
  const folded = fold(name);
  const parts = folded.split(' ');
  if (parts.length > 10 || parts.some((part) => NOT_AN_ANSWER.has(part))) return undefined;
  const rank = CHANNELS.find(([, names]) => parts.some((part) => names.has(part)))?.[0] ?? 1;
  if (rank < 3 && parts.some((part) => OTHER_CHANNELS.has(part))) return undefined;
  if (REFUSAL_NAMES.some((pattern) => pattern.test(folded))) return { yesIs: 'refusal', rank };
  return CONSENT_NAMES.some((pattern) => pattern.test(folded)) ? { yesIs: 'consent', rank } : undefined;
}

const YES = words('yes y si s sim true verdadero verdadeiro 1 x ok on active activo activa vigente');
const NO = words('no n nao false falso 0 off inactive inactivo inactiva none never nunca');
/** Words that say it by themselves, whatever the column is called. */
const STATES = compile(
  'opt* out|unsubscrib*|not subscribed|non subscribed|no suscri*|desuscri*|dado de baja|dada de baja|baja|revoked|revocad*|rejected|rechazad*|denied|declined|no acepta|no autoriza|nao aceita|blocked|bloquead*|redacted|invalid',
);

/** Whether this row says no. Nothing, and what nobody can read, refuses nobody. */
export function refuses({ yesIs }: ConsentColumn, cell: string | undefined): boolean {
  if (cell === undefined || cell.length > 60) return false;
  const said = fold(cell);
  if (STATES.some((pattern) => pattern.test(said))) return true;
  return yesIs === 'refusal' ? YES.has(said) : NO.has(said);
}

function fold(text: string): string {
  return text
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace('whats app', 'whatsapp')
    .trim();
}
