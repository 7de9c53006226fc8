import { type Mapping, type Source, variableOrder } from './mapping.ts';
import type { Template } from './template.ts';
import { planTemplate, type TemplateVariable, type VariableKind } from './variables.ts';

/** Case, accents, spaces, dashes and underscores make no difference: `Código de Pedido` is `codigodepedido`. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}

/** `variable_1`, `Parámetro 2`, `{{3}}`, `4`. */
const NUMBERED = /^(?:variable|var|valor|value|parametro|parameter|param|campo|field|dato|texto|text|v|p)?0?(\d{1,2})$/;

/** What people call the column of a value that has no name of its own, in Spanish and English, folded. */
const NAMES_BY_KIND: Readonly<Partial<Record<VariableKind, readonly string[]>>> = {
  image: [
    'imagen',
    'foto',
    'image',
    'picture',
    'photo',
    'urlimagen',
    'imagenurl',
    'imageurl',
    'linkimagen',
    'imagelink',
    'enlaceimagen',
  ],
  video: ['video', 'videourl', 'urlvideo', 'linkvideo', 'videolink', 'enlacevideo'],
  gif: ['gif', 'gifurl', 'urlgif', 'animacion'],
  document: [
    'documento',
    'document',
    'pdf',
    'archivo',
    'factura',
    'file',
    'adjunto',
    'invoice',
    'urldocumento',
    'documenturl',
    'pdfurl',
    'urlpdf',
    'linkpdf',
  ],
  filename: ['nombrearchivo', 'nombredelarchivo', 'nombredearchivo', 'nombredocumento', 'nombredeldocumento', 'filename'],
  latitude: ['latitud', 'latitude', 'lat'],
  longitude: ['longitud', 'longitude', 'lng', 'lon', 'long'],
  place: [],
  product: ['producto', 'product', 'sku', 'productid', 'idproducto', 'productretailerid'],
  url_suffix: ['enlace', 'link', 'url', 'sufijo', 'suffix', 'urlsuffix', 'slug', 'sufijourl'],
  coupon: [
    'cupon',
    'coupon',
    'couponcode',
    'codigocupon',
    'codigodescuento',
    'codigodedescuento',
    'promocode',
    'codigopromocional',
    'codigo',
    'code',
  ],
  otp: ['otp', 'codigo', 'code', 'clave', 'pin', 'codigodeverificacion', 'codigoverificacion', 'verificationcode'],
  expiration: [
    'vence',
    'vencimiento',
    'expira',
    'expiracion',
    'caducidad',
    'validohasta',
    'fechalimite',
    'expiration',
    'expires',
    'expiresat',
    'validuntil',
  ],
  products: ['productos', 'products', 'skus'],
};

/** Of two variables of one kind the key tells which is meant. */
const NAMES_BY_KEY: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /location\.name$/,
    ['lugar', 'nombrelugar', 'nombredellugar', 'sucursal', 'sede', 'tienda', 'placename', 'locationname', 'place', 'store'],
  ],
  [/location\.address$/, ['direccion', 'address', 'domicilio', 'locationaddress']],
  [/product\.catalog_id$/, ['catalogo', 'catalogid', 'idcatalogo', 'catalog']],
];

/** The same thing in two languages, for named parameters: a template says `first_name`, the file says `Nombre`. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['nombre', 'name', 'firstname', 'primernombre', 'nombres', 'nombrecliente', 'customername', 'cliente', 'customer'],
  ['apellido', 'apellidos', 'lastname', 'surname'],
  ['pedido', 'orden', 'numeropedido', 'numerodepedido', 'nropedido', 'order', 'orderid', 'ordernumber'],
  ['fecha', 'date', 'dia'],
  ['hora', 'time'],
  ['monto', 'importe', 'total', 'valor', 'amount', 'precio', 'price'],
  ['ciudad', 'city'],
  ['empresa', 'company', 'negocio', 'business'],
  ['codigo', 'code', 'cupon', 'coupon', 'couponcode', 'promocode', 'discountcode', 'codigodescuento'],
  ['descuento', 'discount'],
  ['producto', 'product'],
  ['direccion', 'address'],
  ['enlace', 'link', 'url'],
  ['guia', 'numeroguia', 'numerodeguia', 'tracking', 'trackingnumber'],
];

/**
 * Which column surely means which variable, to be shown and corrected. In turn: the key itself (`body.1`), the name of a named
 * parameter, `variable_N` (the Nth of variableOrder), a known Spanish or English word for it. No column twice.
 */
export function guessMapping(template: Template, columns: readonly string[]): Mapping {
  const guess = startGuess(columns);
  const variables = planTemplate(template).variables;
  for (const variable of variables) take(guess, variable, (name) => name === foldName(variable.key));
  for (const variable of variables) {
    const name = parameterName(variable);
    if (name !== undefined) take(guess, variable, (column) => column === name);
  }
  variableOrder(template).forEach((variable, i) => take(guess, variable, (name) => NUMBERED.exec(name)?.[1] === String(i + 1)));
  for (const variable of variables) take(guess, variable, (name) => wordsFor(variable).includes(name));
  return Object.fromEntries(guess.sources);
}

interface Guess {
  /** Folded name -> column, for those not yet used; of two columns with one name the first counts. */
  readonly free: Map<string, string>;
  readonly sources: Map<string, Source>;
}

function startGuess(columns: readonly string[]): Guess {
  const free = new Map<string, string>();
  for (const column of columns) {
    const name = foldName(column);
    if (name !== '' && !free.has(name)) free.set(name, column);
  }
  return { free, sources: new Map() };
}

function take(guess: Guess, variable: TemplateVariable, fits: (name: string) => boolean): void {
  if (guess.sources.has(variable.key)) return;
  for (const [name, column] of guess.free) {
    if (!fits(name)) continue;
    guess.sources.set(variable.key, { column });
    guess.free.delete(name);
    return;
  }
}

/** `first_name` of `body.first_name`, folded; undefined for a number or a value that is not text. */
function parameterName(variable: TemplateVariable): string | undefined {
  if (variable.kind !== 'text') return undefined;
  const name = variable.key.slice(variable.key.lastIndexOf('.') + 1);
  return /^\d+$/.test(name) ? undefined : foldName(name);
}

function wordsFor(variable: TemplateVariable): readonly string[] {
  const name = parameterName(variable);
  if (name !== undefined) return SYNONYMS.find((group) => group.includes(name)) ?? [];
  const byKey = NAMES_BY_KEY.find(([pattern]) => pattern.test(variable.key));
  return byKey?.[1] ?? NAMES_BY_KIND[variable.kind] ?? [];
}
