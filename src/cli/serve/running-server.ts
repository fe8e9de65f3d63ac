import type { DemoDesk } from '../../engine/launches/demo-desk.ts';
import type { IdentityDesk } from '../../engine/identity/identity.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { ServeWish } from './read-serve-options.ts';

/** A server that answers. */
export interface RunningServer {
  /** Address that people open. */
  url: string;
  /** A new code for the first account; null once there is one. */
  setupCode(): Promise<string | null>;
  close(): Promise<void>;
}

/** What is served, to whom. */
export interface ServerWish {
  directories: readonly string[];
  options: GlobalOptions;
  wish: ServeWish;
  /** Makes the server that of a demo. */
  openDemo?: (identity: IdentityDesk, url: string) => Promise<DemoDesk>;
}
