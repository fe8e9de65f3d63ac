import { toNetworkTrouble } from '../network-trouble.ts';

/** Why a database gave no answer. Thrown inside the observing half and turned into trouble at its edge. */
export class QueryTrouble extends Error {
  readonly code: QueryTroubleCode;

  constructor(code: QueryTroubleCode, message: string) {
    super(message);
    this.name = 'QueryTrouble';
    this.code = code;
  }
}

/** Troubles of databases; those of the network keep the words of `toNetworkTrouble`. */
export type QueryTroubleCode =
  | 'authentication'
  | 'configuration'
  | 'failed'
  | 'missing'
  | 'permission'
  | 'syntax'
  | 'timeout'
  | 'tls_failed'
  | 'too_large';

/** Code and message behind an error of a driver: by `codeOf` where the server spoke, else by the network. */
export function toTrouble(
  error: unknown,
  subject: string,
  codeOf: (error: Error) => QueryTroubleCode | null,
): { code: string; message: string } {
  if (error instanceof QueryTrouble) return { code: error.code, message: error.message };
  const spoken = error instanceof Error ? codeOf(error) : null;
  if (spoken !== null) return { code: spoken, message: `${subject}: ${(error as Error).message}` };
  const trouble = toNetworkTrouble(error, subject);
  return trouble.code === 'network_error' ? { ...trouble, code: 'failed' } : trouble;
}
