/** What the name of a column says about what stands in it. Accents, case and punctuation never matter. */

/** Exact names by how surely they mean the phone of the person: WhatsApp before mobile before phone before a mere number. */
const PHONE_NAMES: Readonly<Record<string, number>> = Object.fromEntries([
  ...list(
    'recipientphonenumber recipientphone whatsappnumber numerowhatsapp numerodewhatsapp whatsappphone waid whatsappid numwhatsapp nrowhatsapp',
    2.6,
  ),
  ...list('whatsapp wa wsp whatsap wapp celularwhatsapp telefonowhatsapp whatsappcelular whatsapptelefono', 2.5),
  ...list(
    'celular movil mobile cel cell cellphone cellular mobilephone mobilenumber telefonomovil telefonocelular phonemobile handy',
    2.4,
  ),
  ...list('numerocelular numerodecelular numeromovil numerodemovil telemovel', 2.4),
  ...list(
    'telefono phone phonenumber telephone tel telf tlf fono msisdn telefone numerotelefono numerodetelefono numerotelefonico telefon',
    2.2,
  ),
  ...list('phoneno mobileno nrotelefono nrocelular notelefono telefono1 phone1 celular1 movil1 mobile1', 2.2),
  ...list('numero number nro num contacto contact destinatario recipient to para destino', 1.2),
]);

/** One of these words within a longer name ("Teléfono del cliente"), by kind. */
const PHONE_WORDS: ReadonlyMap<string, number> = new Map([
  ...list('whatsapp whatsap wsp', 1.6),
  ...list('celular movil mobile cel cellphone telemovel cell', 1.3),
  ...list('telefono phone tel telefone telephone msisdn fono telefon', 1),
]);

/** What stands in a cell of the phone column of somebody who has none: never a heading ("No. celular" is one). */
const NO_PHONE =
  /^(?:no$|(?:no (?:tiene|tengo|hay|aplica|disponible|registra|registrado|posee|cuenta|sabe|usa|da|dio|phone|has|have|available)|sin|without|none|null|nil|nan|n a|ninguno|pendiente|pending|desconocido|unknown|not|por confirmar)(?: |$))/;

const COUNTRY_NAMES = new Set(
  (
    'countrycode codigopais codigodepais codpais indicativo indicativopais indicativodelpais prefijo prefijopais prefijodelpais ' +
    'prefijointernacional prefix phoneprefix phonecode dialcode dialingcode callingcode phonecountrycode countrycallingcode ' +
    'codigointernacional codigodellamada ddi paiscodigo isocountry countryiso iso2 pais country nacion paistelefono phonecountry ' +
    'paisderesidencia countryname nombrepais nombredelpais land landesvorwahl vorwahlland pays paese codigodopais'
  ).split(' '),
);
const COUNTRY_WORDS = new Set('country pais indicativo prefijo ddi landesvorwahl'.split(' '));

/** 0 when the name does not speak of a phone. */
export function weightOfPhoneName(cell: string): number {
  // A name is short; looked at before any pattern is tried on the cell.
  if (cell.length > 60 || /\d{5}/.test(cell)) return 0;
  const parts = wordsOf(cell);
  if (NO_PHONE.test(parts.join(' '))) return 0;
  const exact = PHONE_NAMES[parts.join('')];
  if (exact !== undefined) return exact;
  if (parts.length > 5) return 0;
  return Math.max(0, ...parts.map((word) => PHONE_WORDS.get(word) ?? 0));
}

/** 2 for a name that is nothing but a country or its code, 1 for one in which such a word stands. */
export function weightOfCountryName(cell: string): number {
  if (cell.length > 60) return 0;
  const parts = wordsOf(cell);
  if (COUNTRY_NAMES.has(parts.join(''))) return 2;
  return parts.length <= 4 && parts.some((word) => COUNTRY_WORDS.has(word)) ? 1 : 0;
}

/** A cell of somebody without a phone ("no tiene celular", "n/a"). */
export function saysNoPhone(cell: string): boolean {
  return cell.length <= 60 && NO_PHONE.test(wordsOf(cell).join(' '));
}

export function plainName(cell: string): string {
  return wordsOf(cell.slice(0, 200)).join('');
}

function wordsOf(cell: string): string[] {
  return cell
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function list(names: string, weight: number): [string, number][] {
  return names.split(' ').map((name) => [name, weight]);
}
