/** What the server wrote into the document: known before anything is asked. */
export interface Facts {
  readonly name: string;
  readonly version: string;
  readonly mode: 'sandbox' | 'live';
  /** Somebody may be logged in. */
  readonly session: boolean;
}

function readFacts(): Facts {
  const written = document.getElementById('facts')?.textContent;
  // Served by Vite while one works on the page, the document is bare.
  if (written === undefined || written === '') return { name: 'WhatsApp Sender', version: '', mode: 'sandbox', session: true };
  return JSON.parse(written) as Facts;
}

export const facts = readFacts();
