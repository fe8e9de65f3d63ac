import { Outlet, rootRouteId, useRouterState } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

import { LiveProvider } from '../api/live.tsx';
import { Toasts } from '../kit/toast.tsx';
import { ConnectionBanner, OfflineBanner } from './connection-banner.tsx';
import { Header } from './header.tsx';
import { Overlays } from './overlays.tsx';
import styles from './shell.module.css';
import { Sidebar } from './sidebar.tsx';
import { StepUp } from '../step-up/step-up.tsx';

/** Pages for people who are not signed in: nothing to go to, nothing to hear of. */
const barePaths = new Set(['/sign-in', '/setup', '/redeem', '/status']);

/** What stands around every page. */
export function Shell() {
  // The page that is drawn, not the one that somebody is on the way to: that would lose what it stands in before it has gone.
  const isBare = useRouterState({
    select: ({ matches, location }) => {
      const drawn = matches.at(-1);
      const isPage = drawn !== undefined && drawn.routeId !== rootRouteId;
      return barePaths.has(isPage ? drawn.pathname : location.pathname);
    },
  });
  if (isBare) return <BareShell />;
  return (
    <LiveProvider>
      <FullShell />
    </LiveProvider>
  );
}

function FullShell() {
  const t = useTranslations('shell');
  return (
    <div className={styles.shell}>
      <a href="#page" className={styles.skip}>
        {t('skip')}
      </a>
      <Header />
      <Sidebar />
      <main id="page" className={styles.main} tabIndex={-1}>
        <OfflineBanner />
        <ConnectionBanner />
        <Outlet />
      </main>
      <Toasts />
      <Overlays />
      <StepUp />
    </div>
  );
}

function BareShell() {
  return (
    <main id="page" className={styles.bare}>
      <Outlet />
      <Toasts />
    </main>
  );
}
