/** A number with its noun in the right form: "1 person", "2 people". */
export function many(n: number, one: string, more = `${one}s`): string {
  return `${String(n)} ${n === 1 ? one : more}`;
}
