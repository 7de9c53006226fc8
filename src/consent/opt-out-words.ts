import { OPT_OUT_BUTTONS } from './opt-out-buttons.ts';

/** Words that opt out when they are all that is said, case, accents and punctuation aside; sentences: opt-out-phrases.ts. */
export const OPT_OUT_WORDS: Readonly<Record<'all' | 'marketing', readonly string[]>> = {
  // biome-ignore format: one line a language
  all: [
    // Spanish
    'baja', 'darme de baja', 'dar de baja', 'alto', 'stop', 'parar', 'cancelar', 'no mas', 'no mas mensajes', 'desuscribir', 'desuscribirme', 'cancelar suscripcion',
    'salir', 'basta', 'ya basta', 'detener', 'no molestar', 'no molesten', 'remover', 'no quiero mensajes', 'baja total', 'de baja', 'vete a la mierda', 'vayanse a la mierda', 'vayanse al carajo', 'chinguen a su madre',
    // Portuguese
    'sair', 'descadastrar', 'nao quero receber', 'cancelar inscricao', 'pare', 'parem', 'chega', 'nao perturbe', 'remova', 'vai se foder', 'vao se foder',
    // English
    'unsubscribe', 'cancel', 'opt out', 'optout', 'stop all', 'remove me', 'quit', 'end', 'stop it', 'remove', 'stopall', 'revoke', 'fuck off', 'piss off', 'f off', 'do not disturb',
    // French, Italian, German
    'arret', 'desabonner', 'se desabonner', 'desinscription', 'me desinscrire', 'disiscrivimi', 'annulla iscrizione', 'cancellami', 'abmelden', 'abbestellen', 'austragen',
  ],
  // biome-ignore format: as above
  marketing: [
    'no mas promos', 'no mas promociones', 'no mas publicidad', 'stop promos', 'stop promotions', 'chega de promocoes', 'parar promocoes', 'stop marketing',
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

/** The same of a text that is folded already. */
export function wordScope(folded: string): 'all' | 'marketing' | undefined {
  return WORDS.get(folded);
}

/** What a message, a button's label or its payload asks for by being one of the words; undefined when it is none. */
export function optOutScope(text: string | undefined): 'all' | 'marketing' | undefined {
  return text === undefined || text.length > 60 ? undefined : WORDS.get(fold(text));
}
