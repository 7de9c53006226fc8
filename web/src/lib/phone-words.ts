/** +573001234567 in groups that can be read aloud. */
export function phoneWords(phone: string): string {
  const match = /^\+(\d{1,3}?)(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return match === null ? phone : `+${match.slice(1).join(' ')}`;
}
