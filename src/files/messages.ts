/** Why a row made nobody a recipient, apart from its phone number (lib/phone/faults.ts). */
export const ROW_FAULTS = {
  row_quotes: {
    en: 'The quotes in this row do not match: close the quote, or write "" for a quote inside a quoted cell.',
    es: 'Las comillas de esta fila no cuadran: cierre la comilla, o escriba "" para una comilla dentro de una celda entre comillas.',
  },
  row_too_long: {
    en: 'This row is far too long for a list: check it for a missing line break.',
    es: 'Esta fila es demasiado larga para una lista: revise si falta un salto de línea.',
  },
  row_too_many_cells: {
    en: 'This row has more cells than the header: a value probably contains the separator. Put that value in quotes.',
    es: 'Esta fila tiene más celdas que el encabezado: seguramente un valor contiene el separador. Ponga ese valor entre comillas.',
  },
  value_missing: {
    en: 'The template needs a value from this column, and it is empty.',
    es: 'La plantilla necesita un valor de esta columna, y está vacía.',
  },
  duplicate_in_file: {
    en: 'The same person is already in an earlier row of this file.',
    es: 'La misma persona ya está en una fila anterior de este archivo.',
  },
  duplicate_in_campaign: {
    en: 'This person is already on the list of the campaign, from an earlier file.',
    es: 'Esta persona ya está en la lista de la campaña, por un archivo anterior.',
  },
  opted_out: {
    en: 'This person has opted out and will not be written to.',
    es: 'Esta persona se dio de baja y no se le escribirá.',
  },
} as const satisfies Record<string, { readonly en: string; readonly es: string }>;

export type RowFaultCode = keyof typeof ROW_FAULTS;

/** What was done to a file, or noticed in it, that refused nothing. */
export const NOTICES = {
  values_normalised: {
    en: 'Line breaks, tabs and long runs of spaces became one space, and spaces at the ends were removed: WhatsApp does not take them in a message.',
    es: 'Los saltos de línea, tabuladores y espacios repetidos pasaron a ser un solo espacio, y se quitaron los de los extremos: WhatsApp no los admite en un mensaje.',
  },
  damaged_characters: {
    en: 'Some characters were already damaged in the file (shown as �): people would see them so. Save it as "CSV UTF-8" and upload it again.',
    es: 'Algunos caracteres ya venían dañados en el archivo (se ven como �) y así los vería la gente. Guárdelo como "CSV UTF-8" y súbalo de nuevo.',
  },
  no_header: {
    en: 'The file has no header: its columns were named column_1, column_2 …',
    es: 'El archivo no tiene encabezado: sus columnas se llamaron column_1, column_2 …',
  },
  phone_column_guessed: {
    en: 'No column has a known name for phone numbers; this one was taken because of what is in it.',
    es: 'Ninguna columna tiene un nombre conocido para teléfonos; se tomó esta por su contenido.',
  },
  rows_above_header: {
    en: 'The rows above the header were left out.',
    es: 'Se omitieron las filas por encima del encabezado.',
  },
  columns_renamed: {
    en: 'Columns without a name, or with the name of another one, were given a name of their own.',
    es: 'Las columnas sin nombre, o con el nombre de otra, recibieron un nombre propio.',
  },
} as const satisfies Record<string, { readonly en: string; readonly es: string }>;

export type NoticeCode = keyof typeof NOTICES;

export interface Notice {
  readonly code: NoticeCode;
  readonly column: string | null;
  readonly count: number;
  readonly first_row: number | null;
  readonly message: string;
}

export function notice(code: NoticeCode, about: { column?: string; count?: number; firstRow?: number } = {}): Notice {
  return {
    code,
    column: about.column ?? null,
    count: about.count ?? 1,
    first_row: about.firstRow ?? null,
    message: NOTICES[code].en,
  };
}
