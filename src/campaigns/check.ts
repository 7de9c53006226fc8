/** One line of a preflight: red blocks the start, yellow is told, green is said so that nobody wonders. */
import type { Text } from '../lib/words/sentence.ts';

export interface Check {
  readonly level: 'red' | 'yellow' | 'green';
  readonly code: string;
  readonly message: Text;
  /** Red for now: it goes away without anybody changing the campaign. */
  readonly passes?: boolean;
}

export function red(code: string, message: Text): Check {
  return { level: 'red', code, message };
}

export function yellow(code: string, message: Text): Check {
  return { level: 'yellow', code, message };
}

export function passing(code: string, message: Text): Check {
  return { level: 'red', code, message, passes: true };
}
