import type { CheckKind } from '../../core/check/check.ts';
import { httpKind } from './http/kind.ts';
import { sqlKind } from './sql/kind.ts';

/** Every check kind with its observing half. A kind adds one line here, its `kind.ts`, and one in `readers.ts`. */
export const checkKinds: readonly CheckKind[] = [sqlKind];
