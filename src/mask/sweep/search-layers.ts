import { findGzip, findHexDump, type PackedFindings } from '../find-packed.ts';
import { findByRule, type RuleSet } from '../find-by-rule.ts';
import { findSecrets, type SecretSet } from '../find-secrets.ts';
import { allocateSqueezedText, squeeze, type SqueezedText } from '../squeeze.ts';
import { packedPlaces, readEscaped, readQuotedPrintable, readUtf16, reverseLayer, unpack } from './decode-regions.ts';
import { decodeRuns, readableStretches, runCodes } from './decode-runs.ts';
import { type Decoded, joinDecoded, type Layer } from './layer.ts';

/** What is looked for, how deep, and how much may be decoded for it. */
export interface LayerSearch {
  secrets: SecretSet;
  /** Shapes of secrets that nobody handed out. */
  rules: RuleSet;
  depth: number;
  /** Bytes of layers that may still be searched. */
  budget: number;
  found: (hit: { class: 'known' | 'unknown'; name: string; at: number; path: readonly string[] }) => void;
  /** Told of what could not be decoded within the bounds. */
  unread: (at: number, reason: string) => void;
}

/** Searches a layer and all that can be decoded from it, to the depth that is left. */
export function searchLayers(layer: Layer, search: LayerSearch): void {
  if (layer.bytes.length > search.budget)
    return search.unread(layer.originOf(0), `more than the bound would have to be decoded: ${nameOf(layer)}`);
  search.budget -= layer.bytes.length;
  searchLayer(layer, search);
  if (layer.level >= search.depth) return;
  for (const next of decodeLayer(layer, search)) searchLayers(next, search);
}

function nameOf({ path }: Layer): string {
  return path.length === 0 ? 'as written' : path.join(' > ');
}

function searchLayer(layer: Layer, search: LayerSearch): void {
  const { bytes, path, originOf } = layer;
  const text = squeezed(bytes);
  for (const { from, label } of findSecrets(search.secrets, bytes, text))
    search.found({ class: 'known', name: label, at: originOf(from), path });
  if (search.secrets.names.length > 0) {
    searchPacked(layer, search, { find: findHexDump, path: ['hex dump'] });
    searchPacked(layer, search, { find: findGzip, path: ['base64', 'gzip'] });
  }
  for (const { from, label } of findByRule(search.rules, bytes, text).spans)
    search.found({ class: 'unknown', name: label, at: originOf(from), path });
}

function squeezed(bytes: Uint8Array): SqueezedText {
  const text = allocateSqueezedText(bytes.length);
  squeeze(bytes, text);
  return text;
}

/** What the masker itself unpacks counts as one of its forms, not as a step of the depth. */
function searchPacked(
  { bytes, path, originOf }: Layer,
  { secrets, found }: LayerSearch,
  packed: { find: typeof findGzip; path: readonly string[] },
): void {
  const names = new Set<string>();
  const { spans }: PackedFindings = packed.find(bytes, (unpacked) => {
    const hits = findSecrets(secrets, unpacked, squeezed(unpacked));
    for (const { label } of hits) names.add(label);
    return hits;
  });
  for (const name of names)
    found({ class: 'known', name, at: originOf(spans[0]?.from ?? 0), path: [...path, ...packed.path] });
}

function decodeLayer(layer: Layer, search: LayerSearch): Layer[] {
  const text = allocateSqueezedText(layer.bytes.length);
  squeeze(layer.bytes, text, 'kept');
  const runs = runCodes.map((code) => ({ name: code.name, decoded: decodeRuns(code, text) }));
  const layers = [
    ...runs.map(({ name, decoded }) => joinDecoded(layer, [name], readableStretches(decoded))),
    ...runs.map(({ name, decoded }) => joinDecoded(layer, [name, 'gzip'], unpackAll(layer, decoded, search))),
    joinDecoded(layer, ['gzip'], unpackAll(layer, [{ bytes: layer.bytes, sourceOf: (index) => index }], search)),
    joinDecoded(layer, ['escapes'], readEscaped(layer)),
    joinDecoded(layer, ['quoted-printable'], readQuotedPrintable(layer)),
    joinDecoded(layer, ['utf-16'], readUtf16(layer)),
    layer.path.at(-1) === 'reversed' ? null : reverseLayer(layer),
  ];
  return layers.filter((next) => next !== null);
}

/** How many packed stretches of one layer are opened. */
const mostPacked = 64;

function unpackAll(layer: Layer, written: readonly Decoded[], search: LayerSearch): Decoded[] {
  const places = written.flatMap((piece) => packedPlaces(piece.bytes).map((at) => ({ piece, at })));
  const opened: Decoded[] = [];
  let left = search.budget;
  for (const [count, { piece, at }] of places.entries()) {
    const content = count < mostPacked && left > 0 ? unpack(piece.bytes.subarray(at)) : 'too large';
    const source = piece.sourceOf(at);
    if (content === 'too large') search.unread(layer.originOf(source), 'packed content is too large or too much');
    else if (content !== null && content.length > 0) opened.push({ bytes: content, sourceOf: () => source });
    left -= content?.length ?? 0;
    if (count === mostPacked) break;
  }
  return opened;
}
