import type { IconName } from '../kit/icon.tsx';

/** Places that every launch has, in the order of a launch's life. */
export const launchPlaces = [
  { to: '/launches/$launch', name: 'overview', icon: 'launch' },
  { to: '/launches/$launch/gates', name: 'gates', icon: 'gate' },
  { to: '/launches/$launch/evidence', name: 'evidence', icon: 'evidence' },
  { to: '/launches/$launch/data', name: 'data', icon: 'data' },
  { to: '/launches/$launch/rollouts', name: 'rollouts', icon: 'running' },
  { to: '/launches/$launch/rollback', name: 'rollback', icon: 'undo' },
  { to: '/launches/$launch/documents', name: 'documents', icon: 'document' },
  { to: '/launches/$launch/runs', name: 'runs', icon: 'go' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

/** Places of the installation. */
export const places = [
  { to: '/', name: 'home', icon: 'home' },
  { to: '/queue', name: 'queue', icon: 'queue' },
  { to: '/audit', name: 'audit', icon: 'log' },
  { to: '/settings', name: 'settings', icon: 'settings' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

/** Where the story of the demo is told; on the server of a demo alone. */
export const demoPlace = { to: '/demo', name: 'demo', icon: 'go' } as const satisfies {
  to: string;
  name: string;
  icon: IconName;
};
