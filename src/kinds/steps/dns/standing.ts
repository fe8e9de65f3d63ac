import { toRdata } from './records.ts';
import type { RecordType } from './records.ts';
import type { DnsStepSpec } from './schema.ts';

/** What stands at a name now, as its own server says. */
export interface Standing {
  /** Texts of the records of the type, sorted. */
  values: string[];
  /** Their data, sorted, for comparing. */
  data: string[];
  ttl: number | null;
}

/** Which of the two states of a change stands there: `other` is somebody else's. Times to live count, where the spec names one. */
export function compareStanding({ data, ttl }: Standing, spec: DnsStepSpec): 'to' | 'from' | 'other' {
  const isSet = (texts: readonly string[]): boolean => dataOfTexts(spec.type, texts).join() === data.join();
  if (isSet(spec.to) && (spec.to.length === 0 || ttl === spec.ttl)) return 'to';
  return isSet(spec.from.values) && (spec.from.ttl === null || data.length === 0 || spec.from.ttl === ttl)
    ? 'from'
    : 'other';
}

/** Values and time to live in words. */
export function describeRecords(values: readonly string[], ttl: number | null): string {
  if (values.length === 0) return 'nothing';
  return `${values.join(', ')}${ttl === null ? '' : ` (ttl ${ttl})`}`;
}

function dataOfTexts(type: RecordType, texts: readonly string[]): string[] {
  const data = texts.map((text) => toRdata(type, text)).flatMap((read) => (read.ok ? [toHex(read.bytes)] : []));
  return [...new Set(data)].toSorted();
}

/** Data in the form that is compared. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
