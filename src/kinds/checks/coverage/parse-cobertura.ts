import { emptyShare } from './share.ts';
import type { Share } from './share.ts';
import { parseXml } from '../parse-xml.ts';
import type { XmlVisitor } from '../parse-xml.ts';
import { Unreadable } from '../unreadable.ts';
import { addBranch, addHits, fileIn, shareOfHits, sumShares } from './coverage-count.ts';
import type { CoverageReport, FileCoverage } from './coverage-count.ts';
import { refuseCount, refuseRate } from './declared-rate.ts';

type Attributes = { readonly [name: string]: string };

/** What was counted below `coverage`, a `package` or a `class`. Lines of different classes are different lines, even in one file. */
interface Level {
  label: string;
  declared: Attributes;
  lines: Share;
  branches: Share;
}

interface ClassReading {
  file: FileCoverage;
  name: string;
  own: Map<string, number>;
  branches: Map<string, Share>;
  ofMethods: Map<string, number>;
  method: { key: string; hits: number } | null;
}

/**
 * Returns what a Cobertura report says, by the lines of its classes; the lines under `methods` are the same lines again.
 * Throws `Unreadable` where a count is not what the lines add up to, or a rate at any level is further from them than rounding goes.
 */
export function parseCobertura(bytes: Uint8Array): CoverageReport {
  const reader = new CoberturaReader();
  parseXml(bytes, reader);
  if (reader.files.size === 0)
    throw new Unreadable('no_files', 'expected at least one class with a filename, got none');
  return { files: reader.files, roots: reader.roots };
}

class CoberturaReader implements XmlVisitor {
  readonly files = new Map<string, FileCoverage>();
  readonly levels: Level[] = [];
  depth = 0;
  roots = 0;
  current: ClassReading | null = null;

  open(name: string, attributes: Attributes): void {
    if (this.depth === 0 && name !== 'coverage')
      throw new Unreadable('wrong_format', `expected coverage as the root of Cobertura, got ${name}`);
    this.depth += 1;
    if (name === 'coverage' || name === 'package' || name === 'class') this.openLevel(name, attributes);
    if (name === 'source') this.roots += 1;
    if (name === 'method' && this.current) this.openMethod(attributes, this.current);
    if (name === 'line' && this.current) readLine(attributes, this.current);
  }

  close(name: string): void {
    this.depth -= 1;
    if (name === 'method' && this.current?.method) {
      addHits(this.current.file.functions, this.current.method.key, this.current.method.hits);
      this.current.method = null;
    }
    if (name === 'class' && this.current) this.closeClass(this.current);
    if (name === 'coverage' || name === 'package' || name === 'class') refuseLevel(this.levels.pop()!);
  }

  private openLevel(name: string, attributes: Attributes): void {
    const label = attributes['name'] === undefined ? name : `${name} ${attributes['name']}`;
    this.levels.push({ label, declared: attributes, lines: emptyShare(), branches: emptyShare() });
    if (name !== 'class') return;
    if (this.current) throw new Unreadable('misplaced', `expected classes side by side, got ${label} inside a class`);
    const path = attributes['filename'] ?? '';
    if (path === '') throw new Unreadable('malformed', `${label}: expected a filename, got none`);
    const maps = { own: new Map(), branches: new Map(), ofMethods: new Map() };
    this.current = { file: fileIn(this.files, path), name: attributes['name'] ?? '', ...maps, method: null };
  }

  private openMethod(attributes: Attributes, current: ClassReading): void {
    const key = `${current.name}.${attributes['name'] ?? ''}${attributes['signature'] ?? ''}`;
    current.method = { key: current.file.functions.has(key) ? `${key}#${current.file.functions.size}` : key, hits: 0 };
  }

  private closeClass(current: ClassReading): void {
    const lines = current.own.size > 0 ? current.own : current.ofMethods;
    for (const [line, hits] of lines) addHits(current.file.lines, line, hits);
    for (const [line, share] of current.branches) addBranch(current.file.branches, line, share);
    const shares = { lines: shareOfHits(lines), branches: sumShares(current.branches.values()) };
    for (const level of this.levels) {
      level.lines = sumShares([level.lines, shares.lines]);
      level.branches = sumShares([level.branches, shares.branches]);
    }
    this.current = null;
  }
}

function readLine(attributes: Attributes, current: ClassReading): void {
  const { number, hits } = attributes;
  if (!/^\d{1,9}$/.test(number ?? '') || !/^\d{1,15}$/.test(hits ?? ''))
    throw new Unreadable(
      'malformed',
      `class ${current.name}: expected a line with number and hits, got ${number} and ${hits}`,
    );
  addHits(current.method ? current.ofMethods : current.own, number!, Number(hits));
  if (current.method && Number(hits) > 0) current.method.hits += 1;
  const conditions = attributes['condition-coverage'];
  if (attributes['branch']?.toLowerCase() !== 'true' || conditions === undefined) return;
  const [, covered, total] = /\((\d{1,6})\/(\d{1,6})\)\s*$/.exec(conditions) ?? [];
  if (covered === undefined || Number(covered) > Number(total))
    throw new Unreadable(
      'malformed',
      `class ${current.name}, line ${number}: expected conditions such as 50% (1/2), got ${conditions}`,
    );
  addBranch(current.branches, number!, { covered: Number(covered), total: Number(total) });
}

function refuseLevel({ label, declared, lines, branches }: Level): void {
  refuseCount(label, 'lines-covered', declared['lines-covered'], lines.covered);
  refuseCount(label, 'lines-valid', declared['lines-valid'], lines.total);
  refuseCount(label, 'branches-covered', declared['branches-covered'], branches.covered);
  refuseCount(label, 'branches-valid', declared['branches-valid'], branches.total);
  refuseRate(label, 'line-rate', declared['line-rate'], lines);
  refuseRate(label, 'branch-rate', declared['branch-rate'], branches);
}
