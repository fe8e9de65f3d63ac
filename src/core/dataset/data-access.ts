import type { Dataset } from './dataset.ts';
import type { OpenDatastore } from './datastore-kind.ts';
import type { RedirectRow } from './redirects/redirect-row.ts';

/** What checks and steps see of the data of a launch: what is declared, and sessions by the id of a datastore. */
export interface DataAccess {
  datasets: readonly Dataset[];
  open: OpenDatastore;
  /** Rows of the redirects tables of the launch; absent where a kind is asked without its documents. */
  redirects?: readonly RedirectRow[];
}
