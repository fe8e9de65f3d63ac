const known = [
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/,
  /\bgl[a-z]{2,4}-[A-Za-z0-9_-]{20,}/,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/,
  /\b[rsp]k_(?:live|test)_[A-Za-z0-9]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\./,
  /:\/\/[^/\s:@]+:[^/\s@]+@/,
];

/** Whether a text is probably a secret itself and not the name of one: a known token form, or a long run without a word in it. */
export function looksLikeSecret(text: string): boolean {
  return known.some((pattern) => pattern.test(text)) || isRandom(text);
}

function isRandom(text: string): boolean {
  if (!/^[A-Za-z0-9+/=_-]{20,}$/.test(text) || /[a-z]{5,}/.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(text)).length;
  return kinds === 3 || /^[0-9a-f]{32,}$/i.test(text);
}
