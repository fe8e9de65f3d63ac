import { canonicalize, challengeOf, digestOf } from '@tminus/verify';

/** What somebody is asked to sign: nothing was written yet, and nothing is kept of it. */
export interface Prepared<Statement> {
  statement: Statement;
  /** RFC 8785 form of the statement: what a key file signs. */
  canonical: string;
  /** SHA-256 of that form, lower-case hex. */
  sha256: string;
  /** The same digest as base64url: the challenge that a passkey answers (WebAuthn Level 3, section 13.4.3). */
  challenge: string;
}

/** A statement with its bytes and digest. */
export function toPrepared<Statement>(statement: Statement): Prepared<Statement> {
  return {
    statement,
    canonical: canonicalize(statement),
    sha256: digestOf(statement),
    challenge: challengeOf(statement),
  };
}
