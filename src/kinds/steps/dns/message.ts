import { toName, toRdata } from './records.ts';
import type { RecordType } from './records.ts';

/** One change of a whole record set, made only where the old one still stands. */
export interface RecordChange {
  zone: string;
  name: string;
  type: RecordType;
  from: readonly string[];
  to: readonly string[];
  ttl: number;
}

/** Numbers of RFC 1035 section 3.2 and RFC 2136 section 2. */
const typeNumbers: { [type in RecordType]: number } = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33 };
const classes = { internet: 1, none: 254, any: 255 };
const updateOpcode = 5 << 11;
const soaType = 6;

/**
 * An update (RFC 2136): the prerequisite that exactly `from` stands (section 2.4.2), or that nothing does (2.4.3), then the whole set away (2.5.2) and
 * `to` in (2.5.1). A server carries out all of it or nothing (section 3.4.2.7).
 */
export function encodeUpdate(id: number, change: RecordChange): Buffer {
  const record = (kind: 'none' | 'any' | 'internet', ttl: number, data: Uint8Array = new Uint8Array()): Buffer =>
    Buffer.concat([
      encodeName(change.name),
      numbers([2, typeNumbers[change.type]], [2, classes[kind]], [4, ttl], [2, data.length]),
      data,
    ]);
  const datas = (texts: readonly string[]): Uint8Array[] => distinct(texts.map((text) => dataFrom(change.type, text)));
  const wanted =
    change.from.length === 0 ? [record('none', 0)] : datas(change.from).map((data) => record('internet', 0, data));
  const changes = [record('any', 0), ...datas(change.to).map((data) => record('internet', change.ttl, data))];
  const counts = [1, wanted.length, changes.length, 0].map((count): [2, number] => [2, count]);
  return Buffer.concat([
    numbers([2, id], [2, updateOpcode], ...counts),
    encodeName(change.zone),
    numbers([2, soaType], [2, classes.internet]),
    ...wanted,
    ...changes,
  ]);
}

/** A question for one record set, without recursion: only the server itself is asked. */
export function encodeQuestion(id: number, { name, type }: { name: string; type: RecordType }): Buffer {
  return Buffer.concat([
    numbers([2, id], [2, 0], [2, 1], [2, 0], [2, 0], [2, 0]),
    encodeName(name),
    numbers([2, typeNumbers[type]], [2, classes.internet]),
  ]);
}

/** A name in canonical wire form (RFC 4034 section 6.2): lower case, never compressed. */
export function encodeName(name: string): Buffer {
  const labels = toName(name)
    .split('.')
    .filter((label) => label !== '');
  return Buffer.concat([
    ...labels.flatMap((label) => [numbers([1, Buffer.byteLength(label)]), Buffer.from(label)]),
    Buffer.of(0),
  ]);
}

/** Unsigned numbers of the sizes given, in network order. */
export function numbers(...fields: [size: 1 | 2 | 4 | 6, value: number][]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((total, [size]) => total + size, 0));
  let at = 0;
  for (const [size, value] of fields) at = bytes.writeUIntBE(value, at, size);
  return bytes;
}

function dataFrom(type: RecordType, text: string): Uint8Array {
  const data = toRdata(type, text);
  if (!data.ok) throw new Error(`${type} ${text}: expected ${data.expected}`);
  return data.bytes;
}

/** A set holds each record once (RFC 2181 section 5.5), and servers refuse what does not. */
function distinct(datas: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(datas.map((data) => [Buffer.from(data).toString('hex'), data])).values()];
}
