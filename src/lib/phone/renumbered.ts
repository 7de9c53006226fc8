/**
 * Countries that gave their mobile numbers a new form since WhatsApp exists. Accounts keep the number they began with, and so do old
 * lists: both forms are one person. A rule fits only numbers of the old length, which no number of today has.
 */
interface Renumbered {
  readonly callingCode: string;
  /** National numbers of the old form. */
  readonly old: RegExp;
  /** The new form, or what is known of it while a number is being typed. */
  readonly modern: (national: string) => string;
}

/** Ivory Coast, 2021: the second digit of the old number tells the operator, and the operator the new beginning. */
function ivorian(national: string): string {
  const operator = national.charAt(1);
  return operator === '' ? '0' : `${operator <= '3' ? '01' : operator <= '6' ? '05' : '07'}${national}`;
}

/** Vietnam, 2018: eleven digits became ten. */
const VIETNAM: Readonly<Record<string, string>> = Object.fromEntries(
  '120:70 121:79 122:77 126:76 128:78 123:83 124:84 125:85 127:81 129:82 162:32 163:33 164:34 165:35 166:36 167:37 168:38 169:39 186:56 188:58 199:59'
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** Gabon, 2019: the one digit of the operator became two. */
const GABON: Readonly<Record<string, string>> = { 2: '62', 4: '74', 5: '65', 6: '66', 7: '77' };

const RENUMBERED: readonly Renumbered[] = [
  { callingCode: '225', old: /^[04-9]\d{7}$/, modern: ivorian },
  // Benin, 2024.
  { callingCode: '229', old: /^[4-69]\d{7}$/, modern: (national) => `01${national}` },
  {
    callingCode: '84',
    old: /^(?:12\d|16[2-9]|18[68]|199)\d{7}$/,
    modern: (national) => (VIETNAM[national.slice(0, 3)] ?? '') + national.slice(3),
  },
  {
    callingCode: '241',
    old: /^0?[24567]\d{6}$/,
    modern: (national) => {
      const bare = national.replace(/^0/, '');
      return (GABON[bare.charAt(0)] ?? '') + bare.slice(1);
    },
  },
  // Ecuador, 2012.
  { callingCode: '593', old: /^[89]\d{7}$/, modern: (national) => `9${national}` },
  // Cameroon, 2014.
  { callingCode: '237', old: /^[5679]\d{7}$/, modern: (national) => `6${national}` },
  // Mauritius, 2013.
  { callingCode: '230', old: /^[79]\d{6}$/, modern: (national) => `5${national}` },
];

/** The number in its country's form of today; as it is where nothing changed. */
export function renumbered(digits: string): string {
  const rule = RENUMBERED.find(
    ({ callingCode, old }) => digits.startsWith(callingCode) && old.test(digits.slice(callingCode.length)),
  );
  return rule === undefined ? digits : rule.callingCode + rule.modern(digits.slice(rule.callingCode.length));
}

/** What the new form of a number begins with whose old form may begin so; less than typed where that does not tell it yet. */
export function renumberedBeginning(digits: string): string | undefined {
  const rule = RENUMBERED.find(({ callingCode }) => digits.startsWith(callingCode));
  if (rule === undefined || digits === rule.callingCode) return undefined;
  const national = digits.slice(rule.callingCode.length);
  return mayBecomeOld(national, rule) ? rule.callingCode + rule.modern(national) : undefined;
}

const LENGTHS = [7, 8, 10];
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

function mayBecomeOld(national: string, { old }: Renumbered): boolean {
  return LENGTHS.some((length) => length >= national.length && DIGITS.some((digit) => old.test(national.padEnd(length, digit))));
}
