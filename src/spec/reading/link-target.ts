import { posix } from 'node:path';

/** Where a link of a document leads, once it is known to be harmless. */
export interface LinkTarget {
  /** `external`: an address elsewhere. `document` and `file`: a path of the launch repository. `anchor`: a place of the same document. */
  kind: 'external' | 'document' | 'file' | 'anchor';
  /** The address, or the path relative to the repository; empty for an anchor. */
  value: string;
  /** Place within it, without its `#`; empty for its beginning. */
  fragment: string;
}

const allowed = new Set(['http:', 'https:', 'mailto:']);
/** What browsers drop or fold before they read an address, and by which a scheme could hide (WHATWG URL section 4.4). */
const hiding = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff\\]/u;

/**
 * The one policy for links and images of documents: addresses of http, https and mail, and paths below the repository; null for everything else, which is
 * then shown as text. A path is never handed on as it was written: it is normalized, and whoever draws it puts an address of our own before it.
 */
export function toLinkTarget(url: string, documentPath: string): LinkTarget | null {
  const written = url.trim();
  if (written === '' || hiding.test(written)) return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(written)) return toExternal(written);
  if (written.startsWith('//')) return null;
  const [path = '', fragment = ''] = written.split('#', 2);
  if (path === '') return { kind: 'anchor', value: '', fragment };
  return toPath(path.split('?', 1)[0] ?? '', fragment, documentPath);
}

function toExternal(written: string): LinkTarget | null {
  if (!URL.canParse(written)) return null;
  const { protocol, href, username, password } = new URL(written);
  // A user name before the host makes an address look like another one.
  if (!allowed.has(protocol) || username !== '' || password !== '') return null;
  return { kind: 'external', value: href, fragment: '' };
}

function toPath(path: string, fragment: string, documentPath: string): LinkTarget | null {
  const decoded = decode(path);
  if (decoded === null || hiding.test(decoded.replaceAll(' ', '')) || decoded.startsWith('//')) return null;
  const joined = decoded.startsWith('/') ? decoded.slice(1) : posix.join(posix.dirname(documentPath), decoded);
  const value = posix.normalize(joined).replace(/\/$/u, '');
  if (value === '' || value === '.' || value.split('/').some((name) => name.startsWith('.'))) return null;
  return { kind: /\.(?:md|markdown)$/iu.test(value) ? 'document' : 'file', value, fragment };
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
