import { createHash } from 'node:crypto';

import type { Nodes, Root } from 'mdast';

import { decodeBytes } from './decode-bytes.ts';
import type { Document, FrontMatter, ReadingFinding } from './document.ts';
import { placesOf } from './document-places.ts';
import { describeReading, refuseHostile, refuseLarge } from './describe-reading.ts';
import { readingLimits } from './measure-hostility.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { repairMojibake } from './repair-mojibake.ts';

/** Returns the document that the bytes mean. Pure, never throws; what is too large or too deep comes back as refused. */
export function readDocument(path: string, bytes: Uint8Array): Document {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length > readingLimits.documentBytes)
    return refusedDocument({ path, sha256, bytes }, [refuseLarge(path, bytes.length)]);
  const decoded = decodeBytes(bytes);
  const { text, repairs } = repairMojibake(decoded.text);
  const place = placesOf(path, text, repairs);
  const findings = describeReading({ decoded, text, repairs, place });
  const refusal = refuseHostile(text, place);
  if (refusal !== null) return refusedDocument({ path, sha256, bytes }, [...findings, refusal]);
  const tree = parseMarkdown(text);
  return {
    path,
    sha256,
    bytes,
    text,
    findings,
    refused: false,
    tree,
    frontMatter: frontMatterOf(tree, text),
    place: (where) => place(typeof where === 'number' ? where : (where.position?.start.offset ?? 0)),
    written: (node: Nodes) => text.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0),
  };
}

function frontMatterOf(tree: Root, text: string): FrontMatter | null {
  const first = tree.children[0];
  if (first?.type !== 'yaml') return null;
  const offset = text.indexOf('\n') + 1;
  return { text: first.value, offset, line: 2 };
}

function refusedDocument(known: Pick<Document, 'path' | 'sha256' | 'bytes'>, findings: ReadingFinding[]): Document {
  return {
    ...known,
    text: '',
    findings,
    refused: true,
    tree: { type: 'root', children: [] },
    frontMatter: null,
    place: () => ({ file: known.path, line: 1, column: 1 }),
    written: () => '',
  };
}
