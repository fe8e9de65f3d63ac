import { SaxesParser } from 'saxes';

import { decodeXml } from './decode-text.ts';
import { Unreadable } from './unreadable.ts';

/** Deeper than any report that a tool writes; a parser that keeps a stack must not be made to grow it without end. */
const deepest = 256;

/** What a reader of XML is told, in document order. Text is not among it: no report says its counts in text. */
export interface XmlVisitor {
  open(name: string, attributes: { readonly [name: string]: string }): void;
  close(name: string): void;
}

/**
 * Reads hostile XML strictly and tells `visitor` its elements. Throws `Unreadable` where it is not well-formed, nested too deep, or
 * declares entities: a DOCTYPE with an internal subset is refused, an external one is named by many tools and never fetched.
 */
export function parseXml(bytes: Uint8Array, visitor: XmlVisitor): void {
  const text = decodeXml(bytes);
  if (text.trim() === '') throw new Unreadable('empty', 'expected XML, got white space only');
  const parser = new SaxesParser({ xmlns: false, position: true });
  let depth = 0;
  parser.on('error', (error) => {
    throw new Unreadable('malformed', `expected well-formed XML, got ${toReason(error.message)}`);
  });
  parser.on('doctype', refuseEntities);
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > deepest) throw new Unreadable('too_deep', `expected at most ${deepest} nested elements, got more`);
    visitor.open(tag.name, tag.attributes);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    visitor.close(tag.name);
  });
  parser.write(text).close();
}

function refuseEntities(doctype: string): void {
  if (doctype.includes('['))
    throw new Unreadable(
      'entities_refused',
      'expected XML without declarations of its own, got a DOCTYPE that declares some',
    );
}

/** saxes begins its messages with `line:column: `. */
function toReason(message: string): string {
  const found = /^(\d+):(\d+): (.*)$/s.exec(message);
  return found ? `line ${found[1]}, column ${found[2]}: ${found[3]}` : message;
}
