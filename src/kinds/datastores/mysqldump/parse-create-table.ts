import { namePattern, readNames } from './names.ts';

/** A column as `CREATE TABLE` has it. */
export interface DumpColumn {
  name: string;
  /** In lower case, with its arguments: `decimal(10,2) unsigned`. */
  nativeType: string;
  nullable: boolean;
  generated: boolean;
  /** Of its texts; null where neither column nor table says. */
  charset: string | null;
  collation: string | null;
}

/** A table as `CREATE TABLE` has it. */
export interface DumpTable {
  /** With the database before it where the statement names one. */
  names: string[];
  columns: DumpColumn[];
  /** Primary key, else the first unique one without nulls and shortened columns; empty where there is none. */
  key: string[];
}

const head = new RegExp(
  `^CREATE\\s+(?:OR\\s+REPLACE\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${namePattern})\\s*\\(`,
  'i',
);
const other = /^(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|PERIOD)\b/i;
const definition = new RegExp(`^(${namePattern})\\s+([\\s\\S]+)$`);
const type =
  /^(double\s+precision|[a-z_0-9]+)\s*(\((?:'(?:''|\\.|[^'\\])*'|[^')])*\))?((?:\s+(?:unsigned|zerofill|signed))*)/i;

/** Returns the table behind a `CREATE TABLE` with a list of columns, or null where the statement is something else. */
export function parseCreateTable(statement: string): DumpTable | null {
  const match = head.exec(statement);
  if (!match) return null;
  const { parts, rest } = splitList(statement, match[0].length);
  const options = rest.match(/\b(?:CHARSET|CHARACTER\s+SET)\s*=?\s*(\w+)/i)?.[1] ?? null;
  const defined = parts.filter((part) => !other.test(part));
  const columns = defined.map((part) => parseColumn(part, options));
  if (columns.some((column) => column === null)) return null;
  const found = columns.filter((column) => column !== null);
  return { names: readNames(match[1]!), columns: found, key: findKey(parts, defined, found) };
}

/** The parts between commas up to the closing parenthesis, and what stands behind it. Quotes and inner parentheses hold together; comments are left out. */
function splitList(statement: string, start: number): { parts: string[]; rest: string } {
  const token = /'(?:''|\\.|[^'\\])*'|"(?:""|\\.|[^"\\])*"|`(?:``|[^`])*`|(?:--\s|#)[^\n]*|[(),]|[^'"`(),#-]+|[\s\S]/g;
  token.lastIndex = start;
  const parts = [''];
  let depth = 0;
  for (let match = token.exec(statement); match; match = token.exec(statement)) {
    const [text] = match;
    if (/^(?:--\s|#)/.test(text)) continue;
    if (text === ')' && depth === 0) break;
    depth += text === '(' ? 1 : text === ')' ? -1 : 0;
    if (text === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += text;
  }
  return { parts: parts.map((part) => part.trim()).filter(Boolean), rest: statement.slice(token.lastIndex) };
}

function parseColumn(part: string, charset: string | null): DumpColumn | null {
  const [, name, body = ''] = definition.exec(part) ?? [];
  const match = type.exec(body);
  if (name === undefined || !match) return null;
  const attributes = body.slice(match[0].length).replaceAll(/'(?:''|\\.|[^'\\])*'/g, "''");
  return {
    name: readNames(name)[0] ?? '',
    nativeType: `${match[1]!.toLowerCase().replace(/\s+/, ' ')}${match[2] ?? ''}${match[3]!.toLowerCase()}`,
    nullable: !/\bNOT\s+NULL\b|\bPRIMARY\s+KEY\b/i.test(attributes),
    generated: /\bGENERATED\s+ALWAYS\b|\bAS\s*\(|\bROW\s+(?:START|END)\b/i.test(attributes),
    charset: attributes.match(/\b(?:CHARSET|CHARACTER\s+SET)\s+(\w+)/i)?.[1] ?? charset,
    collation: attributes.match(/\bCOLLATE\s+(\w+)/i)?.[1] ?? null,
  };
}

function findKey(parts: readonly string[], defined: readonly string[], columns: readonly DumpColumn[]): string[] {
  const primary = parts.map((part) => readKey(part, /^(?:CONSTRAINT\s+\S+\s+)?PRIMARY\s+KEY\b[^(]*/i)).find(Boolean);
  if (primary) return primary;
  const inline = defined.findIndex((part) => /\bPRIMARY\s+KEY\b/i.test(part.replaceAll(/'(?:''|\\.|[^'\\])*'/g, '')));
  if (inline !== -1) return [columns[inline]!.name];
  const firm = new Set(columns.filter(({ nullable }) => !nullable).map(({ name }) => name));
  const unique = parts
    .map((part) => readKey(part, /^(?:CONSTRAINT\s+\S+\s+)?UNIQUE\b(?:`[^`]*`|[^(`])*/i))
    .filter((key) => key !== null);
  return unique.find((key) => key.every((name) => firm.has(name))) ?? [];
}

/** Names of a key whose words before the parenthesis are these; null where it is another, or one of prefixes or expressions. */
export function readKey(part: string, words: RegExp): string[] | null {
  const match = words.exec(part);
  const list = match ? /^\(([^()]*)\)/.exec(part.slice(match[0].length))?.[1] : undefined;
  return list === undefined ? null : readNames(list.replaceAll(/\s+(?:ASC|DESC)\b/gi, ''));
}
