import { Problem } from '../lib/problem.ts';
import { type Sentence, say } from '../lib/words/sentence.ts';

export const PASSWORD_MIN = 10;

/** Words that guessers of this place and language try first, beside those of the list (which is English first). */
const OWN = [
  'whatsapp',
  'whatsappsender',
  'contraseña',
  'contrasena',
  'administrador',
  'bienvenido',
  'bienvenida',
  'colombia',
  'mexico',
];

/** @throws Problem when it is short, or among the first that anybody would try. */
export async function checkPassword(password: string, name: string | undefined): Promise<void> {
  const refuse = (why: Sentence): never => {
    throw new Problem('invalid_request', why, { errors: [{ field: 'password', message: why }] });
  };
  if (password.length < PASSWORD_MIN) refuse(say('server.auth.password-short', { min: PASSWORD_MIN }));
  const plain = password.normalize('NFKC').toLowerCase();
  if (new Set(plain).size < 5) refuse(say('server.auth.password-few-letters'));
  const core = coreOf(plain);
  const own = coreOf((name ?? '').normalize('NFKC').toLowerCase());
  if (own !== '' && (core === own || core === own.repeat(2))) refuse(say('server.auth.password-is-name'));
  const known = await commonPasswords();
  if (known.has(plain) || known.has(core)) refuse(say('server.auth.password-common'));
}

/** Without what is put around a word to make it look like a password: "Colombia2026!" is "colombia". */
function coreOf(text: string): string {
  return text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '').replace(/\s+/g, '');
}

let list: Promise<ReadonlySet<string>> | undefined;

/** Read when somebody first sets a password: a process that only sends never pays for it. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  return (list ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set([...OWN, ...dictionary['passwords-common']].map((word) => word.toLowerCase())),
  ));
}
