export interface Author {
  name: string;
  address: string;
}

/** Authors and co-authors from the answer `authors`, as often as they wrote. */
export function readAuthors(log: string): Author[] {
  return log
    .split('\x1e')
    .map((record) => record.replace(/^\n/, ''))
    .filter((record) => record !== '')
    .flatMap((record) => {
      const [name = '', address = '', ...coauthors] = record.split('\0');
      return [{ name, address }, ...coauthors.filter((text) => text.trim() !== '').map((text) => readTrailer(text))];
    });
}

/** `Name <address>`; whatever else stands in a trailer is taken for a name. */
function readTrailer(text: string): Author {
  const match = /^(.*?)\s*<([^>]*)>\s*$/.exec(text.trim());
  return match ? { name: match[1]!, address: match[2]! } : { name: text.trim(), address: '' };
}

/** Whether a person, by name, address or `Name <address>`, is among the authors; case and white space do not tell people apart. */
export function isAuthor(person: string, authors: readonly Author[]): boolean {
  const { name, address } = readTrailer(person);
  const wanted = new Set([name, address].map((text) => fold(text)).filter((text) => text !== ''));
  return authors.some((author) => wanted.has(fold(author.name)) || wanted.has(fold(author.address)));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
