import { ProductError } from './product-error.ts';

/** Somebody else was faster. Carries the version that holds now, so that the caller can look at it (D16). */
export class VersionConflict extends ProductError {
  readonly current: string;

  constructor(what: string, expected: string, current: string) {
    super('version_conflict', `${what}: expected version ${expected}, got ${current}`, {
      hint: 'read it again, look at what changed, and decide again; nothing was written',
    });
    this.current = current;
  }
}
