import type { Launch } from '../api/client.generated.ts';

/**
 * What is decided about, in the one form of every page: its version and short commit, with commit and SHA-256 in full where the pointer rests. Where `sha256` is that
 * of another candidate than the launch has now, nothing more than the digest is known of it.
 */
export function Candidate({
  of: { version, commit, sha256: own },
  sha256 = own,
}: {
  of: Launch['candidate'];
  sha256?: string;
}) {
  if (sha256 !== own) return <code title={sha256}>sha256 {sha256.slice(0, 12)}</code>;
  return (
    <>
      {version === null ? null : `${version} `}
      <code title={`${commit}\nsha256 ${sha256}`}>{commit.slice(0, 12)}</code>
    </>
  );
}
