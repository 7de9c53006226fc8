/** Why a text is not a phone number one can write to, and what to do about it: in words for both languages of the page. */
export const PHONE_FAULTS = {
  phone_empty: {
    en: 'The phone number is missing.',
    es: 'Falta el número de teléfono.',
  },
  phone_rounded_by_excel: {
    en: 'Excel rounded this number and its last digits are lost: format the column as text, put the original numbers in again and export once more.',
    es: 'Excel redondeó este número y sus últimas cifras se perdieron: dé formato de texto a la columna, vuelva a poner los números originales y exporte de nuevo.',
  },
  phone_several: {
    en: 'There is more than one number in this cell: keep one, or give each a row of its own.',
    es: 'Hay más de un número en esta celda: deje uno solo, o dé a cada uno su propia fila.',
  },
  phone_cell_too_long: {
    en: 'This cell holds far more than a phone number: check whether two columns ran together.',
    es: 'Esta celda contiene mucho más que un número de teléfono: revise si se juntaron dos columnas.',
  },
  phone_letters: {
    en: 'There are letters in the phone number: leave only the number (extensions cannot receive WhatsApp messages).',
    es: 'Hay letras en el número de teléfono: deje solo el número (una extensión no puede recibir mensajes de WhatsApp).',
  },
  phone_symbols: {
    en: 'There are symbols in the phone number that do not belong there: leave digits, and a + in front.',
    es: 'Hay símbolos que no corresponden en el número de teléfono: deje cifras, y un + delante.',
  },
  phone_without_country: {
    en: 'The country is missing: write the number with + and the country code (+57…), or set DEFAULT_COUNTRY.',
    es: 'Falta el país: escriba el número con + y el código del país (+57…), o configure DEFAULT_COUNTRY.',
  },
  phone_unknown_country: {
    en: 'No country has this code: write the number with + and the country code (+57…).',
    es: 'Ningún país tiene este código: escriba el número con + y el código del país (+57…).',
  },
  phone_too_short: {
    en: 'The number is too short for its country: digits are missing.',
    es: 'El número es demasiado corto para su país: faltan cifras.',
  },
  phone_too_long: {
    en: 'The number is too long for its country: there are digits too many.',
    es: 'El número es demasiado largo para su país: sobran cifras.',
  },
  phone_invalid: {
    en: 'There is no such number in its country: check the digits. A number of another country needs + and the country code.',
    es: 'Ese número no existe en su país: revise las cifras. Un número de otro país necesita + y el código del país.',
  },
} as const satisfies Record<string, { readonly en: string; readonly es: string }>;

export type PhoneFault = keyof typeof PHONE_FAULTS;
