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
  row_formula: {
    en: 'A formula of this row was saved without its result: open the workbook in Excel or LibreOffice, save it there once and upload it again.',
    es: 'Una fórmula de esta fila se guardó sin su resultado: abra el libro en Excel o LibreOffice, guárdelo allí una vez y súbalo de nuevo.',
  },
  row_too_many_cells: {
    en: 'This row has more cells than the header: a value probably contains the separator. Put that value in quotes.',
    es: 'Esta fila tiene más celdas que el encabezado: seguramente un valor contiene el separador. Ponga ese valor entre comillas.',
  },
  cell_too_long: {
    en: 'A cell of this row holds more than 32,767 characters, which no spreadsheet takes: shorten it.',
    es: 'Una celda de esta fila tiene más de 32 767 caracteres, que ninguna hoja de cálculo admite: acórtela.',
  },
  country_unknown: {
    en: 'The column of the country says something that is no known country: write its name or code, or put + and the country code in front of the number.',
    es: 'La columna del país dice algo que no es un país conocido: escriba su nombre o código, o ponga + y el código del país delante del número.',
  },
  value_missing: {
    en: 'The template needs a value from this column, and it is empty.',
    es: 'La plantilla necesita un valor de esta columna, y está vacía.',
  },
  duplicate_in_file: {
    en: 'The same person is already in line {row} of this file.',
    es: 'La misma persona ya está en la línea {row} de este archivo.',
  },
  duplicate_in_campaign: {
    en: 'This person is already on the list of the campaign, from line {row} of an earlier file.',
    es: 'Esta persona ya está en la lista de la campaña, por la línea {row} de un archivo anterior.',
  },
  opted_out: {
    en: 'This person has opted out and will not be written to.',
    es: 'Esta persona se dio de baja y no se le escribirá.',
  },
  erased: {
    en: 'This person was erased and will not be written to; nothing else of the row is kept.',
    es: 'Los datos de esta persona se borraron y no se le escribirá; del resto de la fila no se guarda nada.',
  },
  opted_out_already: {
    en: 'This person is on the list of opt-outs already, with an earlier proof.',
    es: 'Esta persona ya está en la lista de bajas, con una prueba anterior.',
  },
  opt_out_lifted_since: {
    en: 'The opt-out of this person was lifted after the time that the list gives: they stay off the list.',
    es: 'La baja de esta persona se levantó después del momento que indica la lista: no se añade.',
  },
  not_refused: {
    en: 'The file itself says that this person does want messages: not put on the list of opt-outs.',
    es: 'El propio archivo dice que esta persona sí quiere mensajes: no se añade a la lista de bajas.',
  },
  refused_in_file: {
    en: 'The file itself says in "{column}" that this person does not want messages: on the list, but not written to.',
    es: 'El propio archivo dice en "{column}" que esta persona no quiere mensajes: está en la lista, pero no se le escribirá.',
  },
} as const satisfies Record<string, { readonly en: string; readonly es: string }>;

export type RowFaultCode = keyof typeof ROW_FAULTS;

/** What was done to a file, or noticed in it, that refused nothing. */
export const NOTICES = {
  refused_rows_not_kept: {
    en: 'From this row on refused rows are only counted: there are more of them than are kept. Mend the cause in the file and upload it again.',
    es: 'A partir de esta fila las filas rechazadas solo se cuentan: hay más de las que se guardan. Corrija la causa en el archivo y súbalo de nuevo.',
  },
  values_normalised: {
    en: 'Line breaks, tabs and long runs of spaces became one space, and spaces at the ends were removed: WhatsApp does not take them in a message.',
    es: 'Los saltos de línea, tabuladores y espacios repetidos pasaron a ser un solo espacio, y se quitaron los de los extremos: WhatsApp no los admite en un mensaje.',
  },
  damaged_characters: {
    en: 'Some characters were already damaged in the file (shown as �): people would see them so. Save it as "CSV UTF-8" and upload it again.',
    es: 'Algunos caracteres ya venían dañados en el archivo (se ven como �) y así los vería la gente. Guárdelo como "CSV UTF-8" y súbalo de nuevo.',
  },
  invisible_removed: {
    en: 'Characters that nobody sees (zero-width spaces, soft hyphens) were taken out. A cell of nothing else counts as empty.',
    es: 'Se quitaron caracteres que nadie ve (espacios de ancho cero, guiones opcionales). Una celda sin nada más cuenta como vacía.',
  },
  placeholder_left: {
    en: 'These cells hold a placeholder of another system ({{contact.name}} and the like), and people would see it so. Export the list with the values filled in.',
    es: 'Estas celdas contienen un marcador de otro sistema ({{contact.name}} o similar) y así lo vería la gente. Exporte la lista con los valores puestos.',
  },
  markup_left: {
    en: 'These cells hold HTML (<br>, &nbsp; and the like), and people would see it so. Export the list as plain text.',
    es: 'Estas celdas contienen HTML (<br>, &nbsp; o similar) y así lo vería la gente. Exporte la lista como texto simple.',
  },
  error_value: {
    en: 'These cells hold an error or a nothing of another program (#N/A, #REF!, null), and people would see it so. Correct the formula, or leave the cell empty.',
    es: 'Estas celdas contienen un error o un vacío de otro programa (#N/D, #¡REF!, null) y así lo vería la gente. Corrija la fórmula o deje la celda vacía.',
  },
  document_unnamed: {
    en: 'These documents have no name (their address does not end in one): people see "Untitled". Map a column or a fixed text to the file name.',
    es: 'Estos documentos no tienen nombre (su dirección no termina en uno): la gente verá "Sin título". Asigne una columna o un texto fijo al nombre del archivo.',
  },
  consent_column_obeyed: {
    en: 'This column says that these people do not want messages: they are not written to. If it means something else, upload the file again with consent_columns=ignore.',
    es: 'Esta columna dice que estas personas no quieren mensajes: no se les escribirá. Si significa otra cosa, suba el archivo de nuevo con consent_columns=ignore.',
  },
  consent_column_ignored: {
    en: 'This column says that these people do not want messages, and was left aside because you asked for it.',
    es: 'Esta columna dice que estas personas no quieren mensajes, y no se tuvo en cuenta porque usted lo pidió.',
  },
  consent_column_found: {
    en: 'This column was read as consent to messages; in no row does it say no.',
    es: 'Esta columna se leyó como consentimiento para recibir mensajes; en ninguna fila dice que no.',
  },
  country_column: {
    en: 'The country of each number was taken from this column, where the number itself does not say it.',
    es: 'El país de cada número se tomó de esta columna, cuando el propio número no lo dice.',
  },
  country_missing: {
    en: 'These rows say no country although the list has a column for it: their numbers were read as numbers of the default country.',
    es: 'Estas filas no dicen el país aunque la lista tiene una columna para ello: sus números se leyeron como del país por defecto.',
  },
  phones_international: {
    en: 'The numbers of this column all carry their country code, without the +, and were read so.',
    es: 'Todos los números de esta columna llevan su código de país, sin el +, y así se leyeron.',
  },
  phone_country_ambiguous: {
    en: 'The numbers of this column are valid in the default country and, read with a country code in front, in another one. They were read as numbers of the default country: look at a few, and choose the country if that is wrong.',
    es: 'Los números de esta columna son válidos en el país por defecto y también, leídos con código de país, en otro. Se leyeron como del país por defecto: mire algunos y elija el país si no es así.',
  },
  phone_from_other_column: {
    en: 'These people have no number in the column of the phones; it was taken from this one.',
    es: 'Estas personas no tienen número en la columna de teléfonos; se tomó de esta otra.',
  },
  phone_landline: {
    en: 'These numbers are landlines: most of them have no WhatsApp, and the message will fail there.',
    es: 'Estos números son fijos: la mayoría no tiene WhatsApp y el mensaje fallará.',
  },
  phone_toll_free: {
    en: 'These numbers are free of charge for the caller (a company, a hotline), not those of a person.',
    es: 'Estos números son gratuitos para quien llama (una empresa, una línea de atención), no los de una persona.',
  },
  phone_premium: {
    en: 'These numbers are of a premium service, not those of a person.',
    es: 'Estos números son de un servicio de tarificación especial, no los de una persona.',
  },
  phone_old_numbering: {
    en: 'These numbers are written as in an earlier numbering plan of their country; they were brought up to date.',
    es: 'Estos números están escritos según un plan de numeración anterior de su país; se actualizaron.',
  },
  lines_in_quotes: {
    en: 'Each line of the file stands in quotes as a single cell; the lines were taken apart again.',
    es: 'Cada línea del archivo está entre comillas como una sola celda; las líneas se volvieron a separar.',
  },
  sheet_chosen: {
    en: 'The workbook has several sheets; only this one was read. Choose another one if it is not the list.',
    es: 'El libro tiene varias hojas; solo se leyó esta. Elija otra si no es la lista.',
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
    en: 'The rows above the header are no part of the list; they are shown in the report.',
    es: 'Las filas por encima del encabezado no son parte de la lista; se muestran en el informe.',
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
