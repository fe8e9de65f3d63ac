import type { Place } from '../../core/launch/place.ts';
import { decodeBytes } from '../document/decode-bytes.ts';
import { describeReading, refuseHostile, refuseLarge } from '../document/describe-reading.ts';
import type { ReadingFinding } from '../document/document.ts';
import { placesOf } from '../document/document-places.ts';
import { readingLimits } from '../document/measure-hostility.ts';
import { repairMojibake } from '../document/repair-mojibake.ts';
import type { Severity } from './finding.ts';

/** The text that a document's bytes mean, with what reading them brought to light. */
export interface ReadText {
  text: string;
  findings: ReadingFinding[];
  /** True where the document is too large, deep or dense: `text` is empty then. */
  refused: boolean;
  /** Place in the file on disk of an offset into `text`; columns differ where mojibake was repaired. */
  place: (offset: number) => Place;
  repaired: boolean;
}

/** Reads bytes as `readDocument` does, without building the Markdown tree, which lint does not need. Never throws. */
export function readText(path: string, bytes: Uint8Array): ReadText {
  const nowhere = { text: '', refused: true, place: () => ({ file: path, line: 1, column: 1 }), repaired: false };
  if (bytes.length > readingLimits.documentBytes) return { ...nowhere, findings: [refuseLarge(path, bytes.length)] };
  const decoded = decodeBytes(bytes);
  const { text, repairs } = repairMojibake(decoded.text);
  const place = placesOf(path, text, repairs);
  const findings = describeReading({ decoded, text, repairs, place });
  const refusal = refuseHostile(text, place);
  if (refusal !== null) return { ...nowhere, findings: [...findings, refusal] };
  return { text, findings, refused: false, place, repaired: repairs.length > 0 };
}

/** Returns how much a finding of the reading weighs: what is refused or holds two versions of the truth stops a launch. */
export function severityOf(finding: ReadingFinding): Severity {
  if (finding.weight === 'refusal' || finding.code === 'merge-marker') return 'blocking';
  return finding.weight === 'damage' ? 'warning' : 'info';
}
