import { OPT_OUT_BUTTONS } from './opt-out-buttons.ts';

/**
 * Words by which people ask not to be written to. WhatsApp does nothing about them for a business (cloud-api.md §6.5): the whole
 * message is compared, case, accents and punctuation aside, so that "no quiero parar" stops nobody.
 */
export const OPT_OUT_WORDS: Readonly<Record<'all' | 'marketing', readonly string[]>> = {
  // biome-ignore format: one line a language
  all: [
    // Spanish
    'baja', 'darme de baja', 'dar de baja', 'alto', 'stop', 'parar', 'cancelar', 'no mas', 'no mas mensajes', 'desuscribir', 'desuscribirme', 'cancelar suscripcion',
    // Portuguese
    'sair', 'descadastrar', 'nao quero receber', 'cancelar inscricao',
    // English
    'unsubscribe', 'cancel', 'opt out', 'optout', 'stop all', 'remove me',
  ],
  // biome-ignore format: as above
  marketing: [
    'no mas promos', 'no mas promociones', 'no mas publicidad', 'stop promos', 'stop promotions', 'chega de promocoes', 'parar promocoes',
  ],
};

/** Case, accents, punctuation, emoji and blanks do not tell two messages apart. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{Mc}]+/gu, ' ')
    .trim();
}

const WORDS = new Map<string, 'all' | 'marketing'>(
  (['all', 'marketing'] as const).flatMap((scope) =>
    [...OPT_OUT_WORDS[scope], ...Object.values(OPT_OUT_BUTTONS[scope]).flat()].map((word) => [fold(word), scope] as const),
  ),
);

/** What a message, a button's label or its payload asks for; undefined when it is no opt-out. */
export function optOutScope(text: string | undefined): 'all' | 'marketing' | undefined {
  return text === undefined || text.length > 60 ? undefined : WORDS.get(fold(text));
}
