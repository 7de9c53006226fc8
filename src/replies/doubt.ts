import type { Doubt } from '../consent/opt-out-matcher.ts';

/** Why a reply waits for a person, in words for both languages of the page. */
export const DOUBT_TEXTS: Readonly<Record<Doubt, { readonly en: string; readonly es: string }>> = {
  unclear: {
    en: 'It may mean that this person wants no more messages.',
    es: 'Puede significar que esta persona no quiere más mensajes.',
  },
  about_something_else: {
    en: 'It has the words of an opt-out and speaks of something else as well.',
    es: 'Tiene las palabras de una baja y también habla de otra cosa.',
  },
  long_text: {
    en: 'Within a long text there is a sentence that asks for no more messages.',
    es: 'En un texto largo hay una frase que pide no recibir más mensajes.',
  },
  ambiguous_button: {
    en: 'This button may opt out, or cancel what the message was about.',
    es: 'Este botón puede ser una baja, o cancelar aquello de lo que trataba el mensaje.',
  },
  own_phrase: {
    en: 'It has a phrase that your list calls doubtful.',
    es: 'Tiene una frase que su lista marca como dudosa.',
  },
  sender_unknown: {
    en: 'Somebody whose phone is hidden wants no more messages, and nothing tells yet who it is. Find out and give the number, so that it can be obeyed.',
    es: 'Alguien con el teléfono oculto no quiere más mensajes y todavía nada dice quién es. Averígüelo e indique el número, para poder respetarlo.',
  },
};
