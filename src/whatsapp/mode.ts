/** Against Meta, or against the bundled simulator; a campaign stays in the mode it was made in. */
export type RunMode = 'sandbox' | 'live';
