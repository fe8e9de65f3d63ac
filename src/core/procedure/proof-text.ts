import type { ProofKind } from '../launch/launch.ts';

/** A proof in the words that stay with a step, or why it is none. */
export type ProofText = { ok: true; text: string } | { ok: false; expected: string; got: string };

/** What a person hands in as proof: a file or artifact by its name and the digest of its bytes, everything else as it was said. */
export function proofText(
  kind: ProofKind | null,
  { value, sha256 }: { value: string; sha256: string | null },
): ProofText {
  if (value === '') return { ok: true, text: '' };
  if (kind === 'url' && !/^https?:\/\/\S+$/u.test(value))
    return { ok: false, expected: 'a URL that begins with https://', got: value };
  if (kind !== 'file' && kind !== 'artifact') return { ok: true, text: value };
  if (sha256 === null)
    return { ok: false, expected: 'a file with the digest of its bytes', got: `${value} without one` };
  return { ok: true, text: `${value} sha256:${sha256}` };
}
