import type { Step } from '../../../api/client.generated.ts';
import type { Proof } from './proof-field.tsx';

/** What a proof lacks for its kind, as the name of a text; null where it can be handed in. The engine looks again. */
export function proofFault(kind: Step['proof'], { value, sha256 }: Proof): 'url' | 'file' | 'text' | null {
  if (kind === null) return null;
  if (kind === 'url') return /^https?:\/\/\S+$/u.test(value.trim()) ? null : 'url';
  if (kind === 'file' || kind === 'artifact') return sha256 === null ? 'file' : null;
  return value.trim() === '' ? 'text' : null;
}
