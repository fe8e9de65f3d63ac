const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that is inert in HTML content and in quoted attributes. Control characters and bidi overrides are made visible. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[&<>"']/gu, (character) => entities[character] ?? character)
    .replaceAll(
      /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu,
      (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    );
}
