/** Text with every digest or commit of 32 hex digits or more cut to its first twelve: for the eye, never for proof. */
export function shortenDigests(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{20,}\b/gu, '$1…');
}
