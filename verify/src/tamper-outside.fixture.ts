import { canonicalize } from './canonicalize.ts';
import type { JsonObject } from './json.ts';
import { leafHash } from './merkle-tree.ts';
import { sha256Hex } from './sha256.ts';
import { flipByte, newHonest, reindex, replace, textOf, withLines } from './tampering.fixture.ts';
import type { Files, Honest, Random, Tampered, Tampering } from './tampering.fixture.ts';
import type { FaultCode } from './verify-report.ts';

const entryCodes: FaultCode[] = ['entry_changed', 'entry_missing', 'entry_extra'];

/** Flips one byte of one kind of file and leaves the index as it was. */
function flip(pick: (name: string) => boolean, codes: FaultCode[] = ['file_changed']): Tampering {
  return ({ files, options }, random) => {
    const names = [...files.keys()].filter(pick);
    const name = names[random(names.length)];
    return name === undefined ? null : { files: flipByte(files, name, random), options, codes, where: name };
  };
}

/** Changes the list of entries; a careless forger leaves the leaf hashes, a careful one makes them fit. */
function entries(change: (lines: string[], random: Random) => string[] | null): Tampering {
  return ({ files, lines, options }, random) => {
    const changed = change([...lines], random);
    if (changed === null) return null;
    const careful = random(2) === 0;
    const forged = reindex(withLines(files, changed, careful));
    const at = changed.findIndex((line, index) => line !== lines[index]);
    const place = `entries.jsonl entry ${at < 0 ? changed.length : at}`;
    return careful
      ? { files: forged, options, codes: ['root_mismatch'], where: 'entries.jsonl' }
      : {
          files: random(2) === 0 ? forged : withLines(files, changed, false),
          options,
          codes: entryCodes,
          where: place,
        };
  };
}

/** Changes one field of one entry that has it. */
function field(name: string, value: (old: unknown, random: Random) => unknown): Tampering {
  return entries((lines, random) => {
    const having = lines.flatMap((line, at) => (name in (JSON.parse(line) as object) ? [at] : []));
    const at = having[random(having.length)];
    if (at === undefined) return null;
    const entry = JSON.parse(lines[at] ?? '') as JsonObject;
    return lines.with(at, canonicalize({ ...entry, [name]: value(entry[name], random) }));
  });
}

/** Replaces a file, makes the index fit, and expects the verifier to look behind the index. */
function forge(
  name: string,
  change: (text: string, honest: Honest) => string,
  codes: FaultCode[],
  where = name,
): Tampering {
  return (honest) => {
    const text = textOf(honest.files, name);
    const changed = change(text, honest);
    if (changed === text) return null;
    return { files: reindex(replace(honest.files, { [name]: changed })), options: honest.options, codes, where };
  };
}

const other = (text: string): string => sha256Hex(text);
const flipOutcome = (text: string): string =>
  text.includes('"outcome":"go"')
    ? text.replaceAll('"outcome":"go"', '"outcome":"no-go"')
    : text.replaceAll('"outcome":"no-go"', '"outcome":"go"');

/** Bytes that somebody would rather have shown, under their own digest (A32). */
function swapBlob({ files, options, lines }: Honest, random: Random): Tampered | null {
  const blobs = [...files.keys()].filter((name) => name.startsWith('blobs/'));
  const name = blobs[random(blobs.length)];
  if (name === undefined) return null;
  const bytes = Buffer.from('{"ok":true,"better":true}');
  const changed: Files = new Map([...files].filter(([known]) => known !== name));
  changed.set(`blobs/${sha256Hex(bytes)}`, bytes);
  const at = lines.findIndex((line) => line.includes(name.slice('blobs/'.length)));
  return { files: reindex(changed), options, codes: ['blob_missing'], where: `entries.jsonl entry ${at}` };
}

function extraFile({ files, options }: Honest, random: Random): Tampered {
  const name = [
    'extra.txt',
    '../outside',
    'documents/../../x',
    'blobs/x',
    'documents/a\\b',
    '/etc/passwd',
    'documents//a',
  ][random(7)];
  const where = JSON.stringify(name);
  return { files: replace(files, { [String(name)]: 'x' }), options, codes: ['name_refused'], where };
}

function extraDocument({ files, options }: Honest, random: Random): Tampered {
  const name = 'documents/slipped-in.md';
  const changed = replace(files, { [name]: 'criterion: none\n' });
  return random(2) === 0
    ? { files: changed, options, codes: ['file_extra'], where: name }
    : { files: reindex(changed), options, codes: ['launch_mismatch'], where: name };
}

function missingFile({ files, options }: Honest, random: Random): Tampered {
  const names = [...files.keys()];
  const name = names[random(names.length)] ?? '';
  const changed: Files = new Map([...files].filter(([known]) => known !== name));
  return { files: changed, options, codes: ['file_missing'], where: name };
}

/** Files of two bundles, each honest, put together. */
function mixed(name: string, codes: FaultCode[], where = name): Tampering {
  return ({ files, options }, random) => {
    const stranger = newHonest(1_000_000 + random(50)).files.get(name) ?? new Uint8Array();
    return { files: reindex(replace(files, { [name]: stranger })), options, codes, where };
  };
}

/** What somebody can do who has the bundle but not the log key. */
export const outsideTamperings: { [name: string]: Tampering } = {
  'byte of the log': (honest, random) => {
    const files = flipByte(honest.files, 'entries.jsonl', random);
    const lines = textOf(files, 'entries.jsonl').split('\n');
    const at = lines.findIndex((line, index) => line !== (honest.lines[index] ?? ''));
    // A byte that is no longer UTF-8 shows as a replacement character, so the first line that reads otherwise is the place.
    return { files, options: honest.options, codes: entryCodes, where: `entries.jsonl entry ${at}` };
  },
  'byte of a source': flip((name) => name.startsWith('blobs/')),
  'byte of the decision': flip((name) => name === 'decision.json'),
  'byte of a document': flip((name) => name.startsWith('documents/')),
  'byte of the checkpoint': flip((name) => name === 'checkpoint.txt'),
  'byte of anything else': flip(
    (name) => /^(launch|candidate|statement|log-key|leaves|README)/.test(name),
    ['file_changed', 'entry_changed'],
  ),
  'entry deleted': entries((lines, random) => lines.toSpliced(random(lines.length), 1)),
  'entries swapped': entries((lines, random) => {
    const one = random(lines.length - 1);
    const two = one + 1 + random(lines.length - 1 - one);
    return lines.with(one, lines[two] ?? '').with(two, lines[one] ?? '');
  }),
  'entry inserted': entries((lines, random) => {
    const copy = lines.find((line) => line.includes('"durationMs":12')) ?? '';
    return lines.toSpliced(
      random(lines.length),
      0,
      copy.replace('"durationMs":12', `"durationMs":${13 + random(1e6)}`),
    );
  }),
  'entry duplicated': entries((lines, random) =>
    lines.toSpliced(random(lines.length + 1), 0, lines[random(lines.length)] ?? ''),
  ),
  'tail cut without the key': entries((lines, random) => lines.slice(0, random(lines.length))),
  'candidate of an entry': field('candidateSha256', (old) => other(String(old))),
  'environment of an entry': field('environment', () => 'staging'),
  'time of an entry': field('observedAt', () => '2026-11-02T00:00:00.000Z'),
  'verdict of an entry': field('judgement', (old) =>
    JSON.parse(
      canonicalize(old).replace(/"outcome":"(pass|fail)"/, (_, is) => `"outcome":"${is === 'pass' ? 'fail' : 'pass'}"`),
    ),
  ),
  'source replaced by a better one': swapBlob,
  'candidate replaced': forge(
    'candidate.json',
    (text) => canonicalize({ ...(JSON.parse(text) as object), commit: other(text).slice(0, 40) }),
    ['candidate_mismatch'],
  ),
  'decision turned': forge('decision.json', flipOutcome, ['decision_unsealed']),
  'decision of another environment': forge(
    'decision.json',
    (text) => text.replace('"environment":"production"', '"environment":"staging"'),
    ['decision_unsealed'],
  ),
  'document of another plan': forge('documents/launch.md', (text) => text.replace('criterion: c0\n', ''), [
    'launch_mismatch',
  ]),
  'prose of a document': forge('documents/launch.md', (text) => text.replace('Prose', 'Praise'), ['launch_mismatch']),
  'launch of another plan': forge('launch.json', (text) => text.replace('"criteria":["c0"', '"criteria":["c9"'), [
    'launch_mismatch',
  ]),
  'size in the checkpoint': forge(
    'checkpoint.txt',
    (text) => text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) + 1}\n`),
    ['checkpoint_invalid'],
  ),
  'root in the checkpoint': forge(
    'checkpoint.txt',
    (text) => text.replace(/\n[^\n]{44}\n/, `\n${Buffer.from(leafHash(text), 'hex').toString('base64')}\n`),
    ['checkpoint_invalid'],
  ),
  'log key replaced': mixedKey(),
  'README that misleads': forge(
    'README.txt',
    (text) => text.replace('Get tminus-verify.mjs from', 'Run ./verify, it is'),
    ['file_changed'],
  ),
  'index of another log': (honest) => ({
    files: reindex(honest.files, { origin: 'other' }),
    options: honest.options,
    codes: ['index_invalid'],
    where: 'bundle.json',
  }),
  'index of another launch': (honest) => ({
    files: reindex(honest.files, { launch: 'other' }),
    options: honest.options,
    codes: ['index_invalid'],
    where: 'bundle.json',
  }),
  'index that is not canonical': forgeIndex((text) => text.replace('{', '{ ')),
  'index with a key twice': forgeIndex((text) => text.replace('{', '{"entries":1,')),
  'index with __proto__': forgeIndex((text) => text.replace('{', '{"__proto__":{},')),
  'statement of another decision': mixed('statement.dsse.json', ['statement_mismatch']),
  'decision of another launch': mixed(
    'decision.json',
    ['launch_mismatch', 'decision_unsealed', 'decision_mismatch'],
    'decision.json',
  ),
  'file added': extraFile,
  'document slipped in': extraDocument,
  'file missing': missingFile,
};

function forgeIndex(change: (text: string) => string): Tampering {
  return ({ files, options }) => ({
    files: replace(files, { 'bundle.json': change(textOf(files, 'bundle.json')) }),
    options,
    codes: ['index_invalid'],
    where: 'bundle.json',
  });
}

function mixedKey(): Tampering {
  const strange = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n';
  return forge('log-key.txt', () => strange, ['key_mismatch']);
}
