import type { DatastoreContext } from '../../../core/dataset/datastore-kind.ts';

/** The context of a test that reads a folder. */
export function readOnlyContext(workspace: string, more: Partial<DatastoreContext> = {}): DatastoreContext {
  return {
    signal: new AbortController().signal,
    workspace,
    allow: [],
    forbidden: [],
    password: null,
    access: 'read',
    now: () => Date.now(),
    ...more,
  };
}
