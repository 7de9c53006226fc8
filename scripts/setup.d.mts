export const root: string;

export function checkNode(): void;
export function ensureInstalled(): void;
/** Ends the process when the build fails. */
export function ensureBuilt(options?: { readonly force?: boolean }): void;
