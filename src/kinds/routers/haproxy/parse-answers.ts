import { RouterTrouble } from '../../../core/rollout/router-kind.ts';

/** One server of a backend, as HAProxy has it now. */
export interface ServerLine {
  name: string;
  weight: number;
  /** Taken out by a person: in maintenance, or drained. */
  isOut: boolean;
  isDrained: boolean;
  /** Whether checks hold it up; without checks it is. */
  isUp: boolean;
  /** Used only where no other is left. */
  isBackup: boolean;
  /** Requests that it has had. */
  requests: number;
  /** Requests under way and waiting. */
  underWay: number;
}

/** Bits of `srv_admin_state`: maintenance (forced, inherited, by configuration, by name resolution, by host name), and drain (forced, inherited). */
const maintenance = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
const drained = 0x08 | 0x10;

/** Returns the servers of a backend from `show servers state` and `show stat`. Throws `RouterTrouble` where one of the two does not say all. */
export function parseServers(backend: string, state: string, stat: string): ServerLine[] {
  if (/^can't find backend/im.test(state))
    throw new RouterTrouble('backend_missing', `backend ${backend}: expected one of that name, got none`);
  const states = parseState(state).filter((row) => row['be_name'] === backend);
  const stats = parseCsv(stat).filter((row) => row['pxname'] === backend);
  if (states.length === 0)
    throw new RouterTrouble('backend_missing', `backend ${backend}: expected servers, got ${firstLine(state)}`);
  return states.map((row) => {
    const name = row['srv_name'] ?? '';
    const counters = stats.find((each) => each['svname'] === name);
    if (counters === undefined)
      throw new RouterTrouble('unreadable', `${backend}/${name}: expected counters, got none`);
    const admin = numberOf(row, 'srv_admin_state');
    return {
      name,
      weight: numberOf(row, 'srv_uweight'),
      isOut: (admin & (maintenance | drained)) !== 0,
      isDrained: (admin & drained) !== 0,
      isUp: numberOf(row, 'srv_op_state') !== 0,
      isBackup: numberOf(counters, 'bck') === 1,
      requests: numberOf(counters, 'stot'),
      underWay: numberOf(counters, 'scur') + numberOf(counters, 'qcur'),
    };
  });
}

/** Returns the value of a key from `show map`; null where the map has none. */
export function parseMapValue(text: string, key: string): string | null {
  for (const { key: each, value } of parseMap(text)) if (each === key) return value;
  return null;
}

/** Returns the lines of `show map` as a map file has them. */
export function toMapFile(text: string): string {
  return parseMap(text)
    .map(({ key, value }) => `${key} ${value}\n`)
    .join('');
}

function parseMap(text: string): { key: string; value: string }[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [, key, value] = /^0x[0-9a-f]+ (\S+) (.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined)
      throw new RouterTrouble('map_missing', `map: expected its entries, got ${firstLine(line)}`);
    return { key, value };
  });
}

/** Returns the part of an answer that says no: HAProxy answers a change that it made with blank lines. */
export function refusalIn(answer: string): string | null {
  return answer.trim() === '' ? null : firstLine(answer);
}

type Row = { readonly [column: string]: string };

/** Version 1 of the format: a line `1`, one of columns, one for each server. */
function parseState(text: string): Row[] {
  const [version, header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (version?.trim() !== '1' || !header.startsWith('# '))
    throw new RouterTrouble('unreadable', `show servers state: expected version 1, got ${firstLine(text)}`);
  const columns = header.slice(2).trim().split(' ');
  return lines.map((line) => toRow(columns, line.split(' ')));
}

/** Fields hold no commas that matter here: quoted ones come behind the columns that are read. */
function parseCsv(text: string): Row[] {
  const [header = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (!header.startsWith('# pxname,'))
    throw new RouterTrouble('unreadable', `show stat: expected its columns, got ${firstLine(text)}`);
  const columns = header.slice(2).split(',');
  return lines.map((line) => toRow(columns, line.split(',')));
}

function toRow(columns: readonly string[], fields: readonly string[]): Row {
  return Object.fromEntries(columns.map((column, at) => [column, fields[at] ?? '']));
}

function numberOf(row: Row, column: string): number {
  const text = row[column] ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  throw new RouterTrouble(
    'unreadable',
    `${column}: expected a whole number, got ${text === '' ? 'nothing' : text.slice(0, 40)}`,
  );
}

function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? 'nothing';
  return line.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 200);
}
