/** A sign beside a word, never instead of one. The drawings stand in styles/icons.css. */
export function Icon({ name, tone }: { readonly name: string; readonly tone?: string }) {
  return <i className={`i i-${name}${tone === undefined ? '' : ` ${tone}`}`} aria-hidden="true" />;
}
