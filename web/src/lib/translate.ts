export type Values = Readonly<Record<string, string | number | undefined>>;

/** A sentence of the catalogue in the reader's language. */
export type Translate = (id: string, values?: Values) => string;
