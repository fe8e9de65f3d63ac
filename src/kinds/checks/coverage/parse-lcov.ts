import { decodeText } from '../decode-text.ts';
import { emptyShare } from './share.ts';
import type { Share } from './share.ts';
import { Unreadable } from '../unreadable.ts';
import { addBranch, addHits, fileIn } from './coverage-count.ts';
import type { CoverageReport, FileCoverage } from './coverage-count.ts';

/** One `SF` ... `end_of_record`: every record counted as written, beside the totals that it declares. */
interface Section {
  path: string;
  line: number;
  records: { [record: string]: Share };
  declared: Map<string, number>;
  lines: Map<string, number>;
  functions: Map<string, number>;
  /** Names that an FN record has placed: the same name at another line is another function. */
  located: Set<string>;
  branches: Map<string, number>;
}

const declaredTotals: {
  [total: string]: [record: string, map: 'lines' | 'functions' | 'branches', part: keyof Share];
} = {
  LF: ['DA', 'lines', 'total'],
  LH: ['DA', 'lines', 'covered'],
  FNF: ['FN', 'functions', 'total'],
  FNH: ['FN', 'functions', 'covered'],
  BRF: ['BRDA', 'branches', 'total'],
  BRH: ['BRDA', 'branches', 'covered'],
};
/** Records of geninfo(1) that say nothing about lines, functions or branches. */
const passedOver = new Set(['TN', 'VER', 'FNL', 'MCDC', 'MRF', 'MRH', 'MCF', 'MCH']);

/**
 * Returns what an lcov tracefile says (geninfo(1), FILES). Sections of one source file are one file. Throws `Unreadable` on a line
 * that is not a record, a section without its end, and a total that its records do not add up to.
 */
export function parseLcov(bytes: Uint8Array): CoverageReport {
  const files = new Map<string, FileCoverage>();
  let section: Section | null = null;
  for (const [index, written] of decodeText(bytes).split('\n').entries()) {
    const line = written.replace(/\r$/, '');
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (line === 'end_of_record') {
      closeSection(section ?? malformed(index, line), files);
      section = null;
    } else if (line.startsWith('SF:')) {
      if (section)
        throw new Unreadable(
          'truncated',
          `line ${index + 1}: expected end_of_record of ${section.path}, got the next file`,
        );
      section = openSection(line.slice(3), index + 1);
    } else readRecord(line, section, index);
  }
  if (section) throw new Unreadable('truncated', `expected end_of_record of ${section.path}, got the end of the file`);
  if (files.size === 0) throw new Unreadable('wrong_format', 'expected an lcov tracefile, got no SF record');
  return { files, roots: 0 };
}

function openSection(path: string, line: number): Section {
  const maps = { lines: new Map(), functions: new Map(), branches: new Map(), located: new Set<string>() };
  return {
    path,
    line,
    records: { DA: emptyShare(), FN: emptyShare(), BRDA: emptyShare() },
    declared: new Map(),
    ...maps,
  };
}

function readRecord(line: string, section: Section | null, index: number): void {
  const [, record, value] = /^([A-Z]+):(.*)$/s.exec(line) ?? malformed(index, line);
  if (passedOver.has(record!)) return;
  if (section === null) malformed(index, line);
  if (Object.hasOwn(declaredTotals, record!)) section.declared.set(record!, toCount(value!, index, line));
  else (recordReaders[record!] ?? malformed(index, line))(section, value!, () => malformed(index, line));
}

type RecordReader = (section: Section, value: string, refuse: () => never) => void;

/** The name of a function may hold commas, so it is always the rest of the record. */
const recordReaders: { [record: string]: RecordReader } = {
  DA(section, value, refuse) {
    const [, line, hits] = /^(\d+),(\d+)(?:,[^,]*)?$/.exec(value) ?? refuse();
    count(section.records['DA']!, Number(hits) > 0);
    addHits(section.lines, line!, Number(hits));
  },
  FN(section, value, refuse) {
    const [, line, name] = /^(\d+),(?:\d+,(?=\S))?(.+)$/.exec(value) ?? refuse();
    section.records['FN']!.total += 1;
    addHits(section.functions, section.located.has(name!) ? `${name}@${line}` : name!, 0);
    section.located.add(name!);
  },
  FNDA(section, value, refuse) {
    const [, hits, name] = /^(\d+),(.+)$/.exec(value) ?? refuse();
    if (Number(hits) > 0) section.records['FN']!.covered += 1;
    addHits(section.functions, name!, Number(hits));
  },
  FNA(section, value, refuse) {
    const [, , hits, name] = /^(\d+),(\d+),(.+)$/.exec(value) ?? refuse();
    count(section.records['FN']!, Number(hits) > 0);
    addHits(section.functions, name!, Number(hits));
  },
  BRDA(section, value, refuse) {
    const [, place, taken] = /^(\d+,e?\d+,.+),(-|\d+)$/.exec(value) ?? refuse();
    const hits = taken === '-' ? 0 : Number(taken);
    count(section.records['BRDA']!, hits > 0);
    addHits(section.branches, place!, hits);
  },
};

function count(share: Share, hit: boolean): void {
  share.total += 1;
  if (hit) share.covered += 1;
}

function closeSection(section: Section, files: Map<string, FileCoverage>): void {
  for (const [total, declared] of section.declared) refuseDisagreement(section, total, declared);
  const file = fileIn(files, section.path);
  for (const [line, hits] of section.lines) addHits(file.lines, line, hits);
  for (const [name, hits] of section.functions) addHits(file.functions, name, hits);
  for (const [place, hits] of section.branches) {
    const before = file.branches.get(place)?.covered ?? 0;
    addBranch(file.branches, place, { covered: Math.max(before, hits > 0 ? 1 : 0), total: 1 });
  }
}

/** Tools disagree whether two records of one line are one line or two: a total may count either way, the facts count lines. */
function refuseDisagreement(section: Section, total: string, declared: number): void {
  const [record, map, part] = declaredTotals[total]!;
  const written = section.records[record]![part];
  const hits = [...section[map].values()];
  const distinct = part === 'total' ? hits.length : hits.filter((hit) => hit > 0).length;
  if (declared !== written && declared !== distinct)
    throw new Unreadable(
      'totals_disagree',
      `${section.path} declares ${total}=${declared}, its records add up to ${distinct}`,
    );
}

function toCount(value: string, index: number, line: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : malformed(index, line);
}

function malformed(index: number, line: string): never {
  throw new Unreadable(
    'malformed',
    `line ${index + 1}: expected a record of an lcov tracefile, got ${line.slice(0, 80)}`,
  );
}
