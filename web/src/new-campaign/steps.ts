/** The four steps to a campaign; which one is shown stands in the address. */
export const STEPS = ['message', 'people', 'pace', 'review'] as const;
export type Step = (typeof STEPS)[number];

export interface EditSearch {
  readonly step?: Step;
  /** When it shall start, as the browser's clock writes it (2026-11-27T08:00): chosen in the third step, acted on in the last. */
  readonly at?: string;
}

export function readEditSearch(search: Record<string, unknown>): EditSearch {
  const step = STEPS.find((one) => one === search['step']);
  const { at } = search;
  return {
    ...(step === undefined ? {} : { step }),
    ...(typeof at === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(at) ? { at } : {}),
  };
}
