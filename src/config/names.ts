import { SETTING_NAMES, type SettingName } from './table.ts';

const KNOWN: ReadonlySet<string> = new Set(SETTING_NAMES);

/** Of the shell of a command that talks to a server (`readClientEnv`), and no misspelt setting there. */
const OTHERS: ReadonlySet<string> = new Set(['WHATSAPP_SENDER_URL', 'WHATSAPP_SENDER_KEY']);

/** Short names are near to anything: HOME to HOST, PATH to AUTH. */
const SHORTEST = 6;
const LONG = 8;
/** A file is written for this program, so that even a bad guess helps. */
const FAR = 4;

/** What a file of settings names in vain, with the setting that was probably meant. */
export function strayNames(file: Readonly<Record<string, string>>, path: string): string[] {
  const stray = Object.keys(file).filter((name) => !KNOWN.has(name));
  return stray.map((name) => {
    const near = nearestSetting(name, Math.min(FAR, Math.floor(name.length / 3)));
    return `${name} in ${path} is not a setting; it is ignored. ${near === undefined ? 'See .env.example for the names.' : `Did you mean ${near}?`}`;
  });
}

/** The environment is full of other people's variables: only those a slip or two away from a setting are told. */
export function misspeltVariables(env: Readonly<Record<string, string>>): string[] {
  return Object.keys(env).flatMap((name) => {
    if (KNOWN.has(name) || OTHERS.has(name) || name.length < SHORTEST) return [];
    const near = nearestSetting(name, name.length < LONG ? 1 : 2);
    return near === undefined ? [] : [`The environment variable ${name} is not a setting; it is ignored. Did you mean ${near}?`];
  });
}

function nearestSetting(name: string, within: number): SettingName | undefined {
  const upper = name.toUpperCase();
  let best: { readonly setting: SettingName; readonly distance: number } | undefined;
  for (const setting of SETTING_NAMES) {
    if (Math.abs(setting.length - name.length) > within) continue;
    const distance = editDistance(upper, setting);
    if (distance <= within && distance < (best?.distance ?? Infinity)) best = { setting, distance };
  }
  return best?.setting;
}

/** Letters added, left out, or taken for another; two that changed places count as two. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const row = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      const replaced = (above[j] ?? 0) + (letter === other ? 0 : 1);
      row.push(Math.min(replaced, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    above = row;
  }
  return above[b.length] ?? 0;
}
