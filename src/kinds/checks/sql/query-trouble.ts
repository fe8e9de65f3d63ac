import { EgressRefused } from '../resolve-allowed.ts';

/** Why a database gave no answer. Thrown inside the observing half and turned into trouble at its edge. */
export class QueryTrouble extends Error {
  readonly code: QueryTroubleCode;

  constructor(code: QueryTroubleCode, message: string) {
    super(message);
    this.name = 'QueryTrouble';
    this.code = code;
  }
}

export type QueryTroubleCode =
  | 'aborted'
  | 'authentication'
  | 'configuration'
  | 'egress_refused'
  | 'failed'
  | 'missing'
  | 'permission'
  | 'refused'
  | 'syntax'
  | 'timeout'
  | 'too_large'
  | 'unknown_host';

const network: { [code: string]: QueryTroubleCode } = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EPIPE: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'unknown_host',
  EAI_AGAIN: 'unknown_host',
};

/** The trouble behind an error of a driver: by `codeOf` where the server spoke, else by the code of the network. */
export function toQueryTrouble(error: unknown, codeOf: (error: Error) => QueryTroubleCode | null): QueryTrouble {
  if (error instanceof QueryTrouble) return error;
  if (error instanceof EgressRefused) return new QueryTrouble(error.code, error.message);
  if (!(error instanceof Error)) return new QueryTrouble('failed', String(error));
  const { code } = error as NodeJS.ErrnoException;
  const message = error.message === '' ? String(code) : error.message;
  return new QueryTrouble(codeOf(error) ?? network[String(code)] ?? 'failed', message);
}
