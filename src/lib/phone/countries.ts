import { type CountryCode, getCountries, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/max/metadata';

/**
 * Which country a cell beside a phone number speaks of: a calling code (52, +52, 0052), a code of two or three letters, or a name
 * in one of the languages lists are written in. Where several countries share a calling code it gives the main one, and the
 * library finds the right one by the number itself.
 */
export function countryOf(cell: string): CountryCode | undefined {
  if (cell.length > MAX_NAME) return undefined;
  const text = cell.normalize('NFKC').trim();
  const code = /^(?:\+|00)?\s*(\d{1,3})(?:[.,]0)?$/.exec(text.replace(/^[('"]+|[)'"]+$/g, ''))?.[1];
  if (code !== undefined) return countriesOfCode.get(code)?.[0];
  const letters = text.toUpperCase();
  if (/^[A-Z]{2}$/.test(letters) && isSupportedCountry(letters)) return letters;
  return names().get(foldCountry(text));
}

const MAX_NAME = 60;

const countriesOfCode = new Map<string, readonly CountryCode[]>(Object.entries(metadata.country_calling_codes));

/** Names that `Intl` writes otherwise, and the codes of three letters of the countries most often met. */
const ALSO: Readonly<Partial<Record<CountryCode, string>>> = {
  AR: 'arg|rep argentina',
  BO: 'bol',
  BR: 'bra',
  CL: 'chl',
  CO: 'col|rep colombia',
  CR: 'cri',
  DE: 'deu|ger|alemania federal',
  DO: 'dom|rep dominicana|r dominicana|dominicana|dominican rep',
  EC: 'ecu',
  ES: 'esp',
  FR: 'fra',
  GB: 'gbr|uk|inglaterra|england|gran bretana|great britain',
  GT: 'gtm',
  HN: 'hnd',
  IT: 'ita',
  MX: 'mex|mejico|estados unidos mexicanos',
  NI: 'nic',
  NL: 'nld|holanda|holland',
  PA: 'pan',
  PE: 'per',
  PR: 'pri',
  PT: 'prt',
  PY: 'pry',
  SV: 'slv|salvador',
  US: 'usa|eeuu|ee uu|eua|united states of america|estados unidos de america|estados unidos da america',
  UY: 'ury',
  VE: 'ven|rb venezuela',
};

let known: ReadonlyMap<string, CountryCode> | undefined;

function names(): ReadonlyMap<string, CountryCode> {
  if (known !== undefined) return known;
  const made = new Map<string, CountryCode>();
  for (const language of ['es', 'en', 'pt', 'de', 'fr', 'it']) {
    const display = new Intl.DisplayNames([language], { type: 'region' });
    for (const country of getCountries()) {
      const name = foldCountry(display.of(country) ?? '');
      if (name !== '' && !made.has(name)) made.set(name, country);
    }
  }
  for (const [country, list] of Object.entries(ALSO)) {
    for (const name of list.split('|')) if (isSupportedCountry(country)) made.set(name, country);
  }
  known = made;
  return made;
}

function foldCountry(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();
}

/** `57` of CO; undefined for what is no country with telephones. */
export function callingCodeOf(country: string): string | undefined {
  return isSupportedCountry(country) ? getCountryCallingCode(country) : undefined;
}
