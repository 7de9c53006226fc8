/** The page that takes an invitation. The token stands behind the #, which no browser sends: it never reaches a log. */
export function invitationUrl(base: string, token: string): string {
  return `${base.replace(/\/+$/, '')}/invitation#${token}`;
}
