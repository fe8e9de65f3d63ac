import type { CheckKind } from '../../../core/check/check.ts';
import { observeDns } from './observe.ts';
import { dnsReader } from './reader.ts';

/** The check kind `dns`. */
export const dnsKind: CheckKind = { ...dnsReader, observe: observeDns };
