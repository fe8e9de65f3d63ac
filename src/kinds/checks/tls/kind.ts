import type { CheckKind } from '../../../core/check/check.ts';
import { observeTls } from './observe.ts';
import { tlsReader } from './reader.ts';

/** The check kind `tls`. */
export const tlsKind: CheckKind = { ...tlsReader, observe: observeTls };
