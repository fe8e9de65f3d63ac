import type { CheckKind } from '../../../core/check/check.ts';
import { observeHttp } from './observe.ts';
import { httpReader } from './reader.ts';

/** The check kind `http`. */
export const httpKind: CheckKind = { ...httpReader, observe: (spec, context) => observeHttp(spec, context) };
