/** Part of a text, as a pattern for `like` in which nothing stands for anything else. */
export function likeOf(text: string | undefined): string | null {
  return text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
