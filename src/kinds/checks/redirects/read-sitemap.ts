import { SaxesParser } from 'saxes';

import type { UrlReading } from '../../../core/dataset/redirects/read-urls.ts';

/** Returns the pages of a sitemap (sitemaps.org, protocol 0.9). One that is not well-formed, declares a DOCTYPE or names other sitemaps instead of pages is faulty. */
export function readSitemap(text: string): UrlReading<string> {
  const found: string[] = [];
  const parser = new SaxesParser({ xmlns: true, position: true });
  const way: string[] = [];
  let location = '';
  let faulty: number | null = null;
  const refuse = (): void => {
    faulty ??= parser.line;
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('opentag', ({ local }) => {
    way.push(local);
    location = '';
    if (way.length === 1 && local !== 'urlset') refuse();
  });
  parser.on('text', (part) => {
    location += part;
  });
  parser.on('closetag', () => {
    if (way.join(' ') === 'urlset url loc') found.push(location.trim());
    way.pop();
  });
  parser.write(text).close();
  return { found, faulty: faulty === null ? [] : [faulty] };
}
