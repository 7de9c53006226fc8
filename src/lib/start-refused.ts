/** A start that cannot be: one sentence for whoever typed the command. */
export class StartRefused extends Error {}
