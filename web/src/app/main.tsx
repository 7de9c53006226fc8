import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/icons.css';
import '../styles/shell.css';
import '../styles/controls.css';
import '../styles/tables.css';
import '../styles/states.css';
import '../styles/notice.css';
import '../styles/wizard.css';
import '../styles/message.css';
import '../styles/chart.css';
import '../styles/life.css';
import '../styles/campaign.css';
import '../styles/dialog.css';
import '../styles/small.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '../lib/query.ts';
import { LANGUAGES, showLanguage } from '../lib/words.ts';
import { router } from './router.tsx';

const place = document.getElementById('root');
if (place === null) throw new Error('the document has no #root');
// As the server decided: what was chosen here before, else what the browser asks for.
await showLanguage(LANGUAGES.find((known) => known === document.documentElement.lang) ?? 'es');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
