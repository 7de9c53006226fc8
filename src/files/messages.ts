import { type Sentence, say, type Text, type Values } from '../lib/words/sentence.ts';

/** Why a row made nobody a recipient, apart from its phone number (lib/phone/faults.ts). */
export const ROW_FAULTS = [
  'row_quotes',
  'row_too_long',
  'row_formula',
  'row_too_many_cells',
  'cell_too_long',
  'country_unknown',
  'value_missing',
  'duplicate_in_file',
  'duplicate_in_campaign',
  'opted_out',
  'erased',
  'opted_out_already',
  'opt_out_lifted_since',
  'not_refused',
  'refused_in_file',
] as const;

export type RowFaultCode = (typeof ROW_FAULTS)[number];

export function rowFault(code: RowFaultCode, values?: Values): Sentence {
  return say(`server.rows.${code}`, values);
}

/** What was done to a file, or noticed in it, that refused nothing. */
export const NOTICES = [
  'values_normalised',
  'damaged_characters',
  'invisible_removed',
  'placeholder_left',
  'markup_left',
  'error_value',
  'document_unnamed',
  'consent_column_obeyed',
  'consent_column_ignored',
  'consent_column_found',
  'country_column',
  'country_missing',
  'phones_international',
  'phone_country_ambiguous',
  'phone_from_other_column',
  'phone_landline',
  'phone_toll_free',
  'phone_premium',
  'phone_old_numbering',
  'lines_in_quotes',
  'sheet_chosen',
  'no_header',
  'phone_column_guessed',
  'rows_above_header',
  'columns_renamed',
  'refused_rows_not_kept',
] as const;

export type NoticeCode = (typeof NOTICES)[number];

export interface Notice {
  readonly code: NoticeCode;
  readonly column: string | null;
  readonly count: number;
  readonly first_row: number | null;
  readonly message: Text;
}

export function notice(code: NoticeCode, about: { column?: string; count?: number; firstRow?: number } = {}): Notice {
  return {
    code,
    column: about.column ?? null,
    count: about.count ?? 1,
    first_row: about.firstRow ?? null,
    message: say(`server.notices.${code}`),
  };
}
