import { readdirSync, readFileSync } from 'node:fs';
import { english } from '../../src/lib/words/sentence.ts';
import { parseTemplate, type Template } from '../../src/templates/template.ts';

const FOLDER = new URL('../fixtures/templates/', import.meta.url);

/** A real template of test/fixtures/templates; created ones carry no id or status, so they get them here. */
export function sampleTemplate(file: string): Template {
  return templateOf(readJson(`${file}.json`));
}

/** Every created template among the samples, by file name. */
export function sampleNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.includes('create') && name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length));
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
}

export function templateOf(raw: unknown): Template {
  const parsed = parseTemplate(typeof raw === 'object' ? { id: '1', status: 'APPROVED', ...raw } : raw);
  if (!parsed.ok) throw new Error(english(parsed.error));
  return parsed.template;
}

/** The seed's template: two positional variables. */
export const BIENVENIDA = templateOf({
  name: 'bienvenida',
  language: 'es',
  category: 'UTILITY',
  parameter_format: 'POSITIONAL',
  components: [{ type: 'BODY', text: 'Hola {{1}} {{2}}, te damos la bienvenida.', example: { body_text: [['Juan', 'Pérez']] } }],
});

/** Named parameters, a picture and every everyday button. */
export const PROMO = templateOf({
  name: 'promo',
  language: 'es_MX',
  category: 'MARKETING',
  parameter_format: 'NAMED',
  components: [
    { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.whatsapp.net/x.jpg'] } },
    {
      type: 'BODY',
      text: 'Hola {{first_name}}, tu código es {{codigo_pedido}}.',
      example: { body_text_named_params: [{ param_name: 'first_name', example: 'Ana' }] },
    },
    { type: 'FOOTER', text: 'Luz y Sol' },
    {
      type: 'BUTTONS',
      buttons: [
        { type: 'URL', text: 'Ver', url: 'https://x.example/p/{{1}}', example: ['https://x.example/p/abc'] },
        { type: 'QUICK_REPLY', text: 'No más promos' },
        { type: 'PHONE_NUMBER', text: 'Llamar', phone_number: '+15550051310' },
        { type: 'COPY_CODE', text: 'Copiar', example: ['25OFF'] },
      ],
    },
  ],
});
