/** Returns whether an item says that it waits for somebody. */
export function isWaiting(name: string): boolean {
  return /^\s*(?:waiting\b|wait for\b|blocked by\b)/i.test(name);
}

/** Returns whether an item asks for a proof, of whatever kind. */
export function asksForProof(name: string): boolean {
  return /\b(?:proof|evidence|prove)\b/i.test(name);
}

/** Returns whether an item names a kind of proof that is known: a screenshot, a link, a file, a number. */
export function namesProofKind(name: string): boolean {
  return /\b(?:screenshot|link|url|file|photo|number|count)\b/i.test(name);
}

/** Returns whether an item is there to come back to something. */
export function isFollowUp(name: string): boolean {
  return /\bfollow[- ]?up\b/i.test(name);
}
