import type { SecretReading, SecretReference, SecretTrouble } from '../../core/secret/secret.ts';

type Code = SecretTrouble['code'];

const later: ReadonlySet<Code> = new Set(['unreachable', 'sealed', 'aborted']);

/** A reading that failed. `says` goes on after the name of the secret; it may name a reference and never anything that was read. */
export function failedReading(
  { id }: Pick<SecretReference, 'id'>,
  code: Code,
  says: string,
  hint: string,
): SecretReading {
  const trouble: SecretTrouble = {
    code,
    message: `secret ${id}: ${says}`,
    hint,
    retry: later.has(code) ? 'later' : 'no',
  };
  return { state: 'failed', trouble };
}
