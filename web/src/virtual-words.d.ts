/** A compiled catalogue (scripts/page-config.mjs). */
declare module 'virtual:words/*' {
  import type { Messages } from '@lingui/core';
  export const messages: Messages;
}
declare module '*.css';
