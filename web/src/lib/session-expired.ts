import { createStore } from './store.ts';

/** Set when the server no longer knows who is here; a dialog over the page asks for the password, and nothing written is lost. */
export const sessionExpired = createStore(false);
