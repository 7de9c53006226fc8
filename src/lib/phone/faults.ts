import { type Sentence, say } from '../words/sentence.ts';

/** Why a text is not a phone number one can write to. */
export const PHONE_FAULTS = [
  'phone_empty',
  'phone_rounded_by_excel',
  'phone_several',
  'phone_cell_too_long',
  'phone_letters',
  'phone_symbols',
  'phone_without_country',
  'phone_unknown_country',
  'phone_too_short',
  'phone_too_long',
  'phone_invalid',
] as const;

export type PhoneFault = (typeof PHONE_FAULTS)[number];

/** The reason in words, and what to do about it. */
export function phoneFault(code: PhoneFault): Sentence {
  return say(`server.phone.${code}`);
}
