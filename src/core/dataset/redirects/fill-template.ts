const placeholder = /\{([^{}]+)\}/g;

/** Returns the columns that a template names, each once. */
export function templateColumns(template: string): string[] {
  return [...new Set([...template.matchAll(placeholder)].map((match) => match[1]!))];
}

/**
 * Returns a template with the canonical values of a row; null where one is null or empty, since no URL can be made of it. For URLs every value is percent-encoded as one
 * component (RFC 3986 section 2.1), so that a slash or question mark in a value stays part of it.
 */
export function fillTemplate(
  template: string,
  row: ReadonlyMap<string, string | null>,
  as: 'url' | 'text',
): string | null {
  let isWhole = true;
  const filled = template.replaceAll(placeholder, (_, column: string) => {
    const value = row.get(column) ?? '';
    isWhole &&= value !== '';
    return as === 'url' ? encodeURIComponent(value.toWellFormed()) : value;
  });
  return isWhole ? filled : null;
}
