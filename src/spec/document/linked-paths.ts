import { posix } from 'node:path';

import type { Nodes } from 'mdast';

import type { Document } from './document.ts';

/** Returns the paths of the Markdown files that a document links to, relative to the workspace; links that lead out of it are left out. */
export function linkedPaths(document: Document): string[] {
  const urls: string[] = [];
  collect(document.tree, urls);
  const folder = posix.dirname(document.path.replaceAll('\\', '/'));
  const paths = urls.flatMap((url) => {
    const path = pathOf(url);
    if (path === null) return [];
    const target = posix.normalize(path.startsWith('/') ? path.slice(1) : posix.join(folder, path));
    return target === '..' || target.startsWith('../') ? [] : [target];
  });
  return [...new Set(paths)].toSorted();
}

function collect(node: Nodes, urls: string[]): void {
  if (node.type === 'link' || node.type === 'definition') urls.push(node.url);
  if ('children' in node) for (const child of node.children) collect(child, urls);
}

/** The path of a link to a Markdown file of the same tree, without query and anchor. */
function pathOf(url: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || url.startsWith('//')) return null;
  const path = url.replace(/[?#].*$/s, '');
  if (!/\.(?:md|markdown)$/i.test(path) || path.includes('\0')) return null;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
