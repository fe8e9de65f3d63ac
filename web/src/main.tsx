import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'use-intl/react';

import './kit/tokens.css';
import './kit/base.css';
import { setSignedOutHandler } from './api/request.ts';
import { baseMessages } from './messages/en.ts';
import { isOpenToStrangers } from './shell/open-paths.ts';
import { createQueryClient } from './shell/query-client.ts';
import { registerWorker } from './offline/register-worker.ts';
import { router } from './shell/routes.tsx';
import { applyTheme, readTheme } from './shell/theme.ts';

applyTheme(readTheme());
const queryClient = createQueryClient();

setSignedOutHandler(() => {
  const { pathname, href } = router.state.location;
  if (isOpenToStrangers(pathname)) return;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { next: href } });
});

const element = document.getElementById('root');
if (element === null) throw new Error('index.html: expected an element #root, got none');
createRoot(element).render(
  <StrictMode>
    {/* Pages bring their own texts; see shell/load-page.tsx. */}
    <IntlProvider locale="en" timeZone="UTC" messages={baseMessages}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </IntlProvider>
  </StrictMode>,
);
void registerWorker();
