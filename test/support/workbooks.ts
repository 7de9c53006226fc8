import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** A zip with these parts, in this order. */
export async function zipOf(parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';

export interface XlsxParts {
  /** Content of <sheetData>, by sheet. */
  readonly sheets: readonly { readonly name: string; readonly state?: string; readonly rows: string }[];
  readonly strings?: readonly string[];
  readonly styles?: string;
  readonly date1904?: boolean;
  readonly more?: Readonly<Record<string, string | Buffer>>;
}

/** The parts of an .xlsx, the texts behind the sheets as Excel writes them. */
export function xlsxParts({ sheets, strings, styles, date1904, more }: XlsxParts): Record<string, string | Buffer> {
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${REL}/${type}" Target="${target}"/>`;
  return {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': `<Relationships>${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook ${MAIN} xmlns:r="${REL}"><workbookPr${date1904 === true ? ' date1904="1"' : ''}/><sheets>${sheets
      .map(
        ({ name, state }, at) =>
          `<sheet name="${name}" sheetId="${String(at + 1)}"${state === undefined ? '' : ` state="${state}"`} r:id="s${String(at)}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map((_, at) => relation(`s${String(at)}`, 'worksheet', `worksheets/sheet${String(at)}.xml`))
      .join('')}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('y', 'styles', 'styles.xml')}</Relationships>`,
    ...Object.fromEntries(
      sheets.map(({ rows }, at) => [
        `xl/worksheets/sheet${String(at)}.xml`,
        `<?xml version="1.0" encoding="UTF-8"?><worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    'xl/sharedStrings.xml': `<sst ${MAIN}>${(strings ?? []).map((text) => `<si>${text}</si>`).join('')}</sst>`,
    'xl/styles.xml': `<styleSheet ${MAIN}>${styles ?? ''}</styleSheet>`,
    ...more,
  };
}

export async function xlsx(parts: XlsxParts): Promise<Buffer> {
  return zipOf(xlsxParts(parts));
}

/** A row of texts. */
export function textRow(row: number, cells: readonly string[]): string {
  return `<row r="${String(row)}">${cells.map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;
}

export async function ods(tables: string, styles = '', more: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  return zipOf({
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'content.xml': `<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s"><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`,
    ...more,
  });
}
