const longest = 80;

/** Returns the id that a title gives where none is written: lower-case words joined by hyphens, stable for the same words. */
export function slugOf(title: string): string {
  const words = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return words.slice(0, longest).replace(/-+$/, '');
}

/** Whether a text may stand as an id: letters, digits and `- _ . +`, beginning with a letter or digit. */
export function isId(text: string): boolean {
  return text.length <= 120 && /^[\p{L}\p{N}][\p{L}\p{N}_.+-]*$/u.test(text);
}
