import type { JsonObject } from '@tminus/verify';

import type { Fence, ReadFence, SpecFault } from '../../../core/check/check.ts';
import { infoLine, readAttributes } from '../fence-attributes.ts';
import { fenceFault, splitExpectations } from '../fence-lines.ts';
import { readSchema } from '../read-schema.ts';
import { httpSchema, methods } from './schema.ts';

const attributes = ['timeout', 'limit', 'follow', 'ca'];

/**
 * Reads a fence in the language `http`: `METHOD url`, header lines, a blank line, the body, `expect …` lines at the end.
 * The attributes of the info string are `timeout`, `limit`, `follow` and `ca`.
 */
export function readHttpFence(fence: Fence): ReadFence {
  const { spec, faults } = readAttributes(fence, attributes);
  if (faults.length > 0) return { ok: false, faults };
  const { lines, expectations } = splitExpectations(fence.text, /^expect\s+/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const request = /^([A-Z]+)\s+(\S.*)$/.exec(lines[first]?.trim() ?? '');
  if (!request)
    return fenceFault(Math.max(first, 0), {
      expected: `${methods.join(', ')} and a URL`,
      got: lines[first]?.trim() || 'nothing',
      hint: 'begin the fence with METHOD url',
    });
  const head = readHead(lines, first + 1);
  if ('fault' in head) return head.fault;
  const body = toBody(lines.slice(head.end));
  const written: JsonObject = {
    ...spec,
    method: request[1]!,
    url: request[2]!,
    headers: head.headers,
    ...(body === null ? {} : { body }),
  };
  const read = readSchema(httpSchema, written);
  if (read.ok) return { ok: true, spec: read.spec, expectations };
  return { ok: false, faults: read.faults.map((fault) => toFenceFault(fault, first)) };
}

type Head = { headers: { [name: string]: string }; end: number } | { fault: ReadFence };

function readHead(lines: readonly string[], start: number): Head {
  const headers: { [name: string]: string } = {};
  let end = start;
  for (; end < lines.length && lines[end]!.trim() !== ''; end += 1) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*?)\s*$/.exec(lines[end]!);
    if (!match)
      return {
        fault: fenceFault(end, {
          expected: 'a header as Name: value, or a blank line',
          got: lines[end]!,
          hint: 'put a blank line before the body',
        }),
      };
    const name = match[1]!.toLowerCase();
    if (Object.hasOwn(headers, name))
      return {
        fault: fenceFault(end, { expected: 'each header once', got: match[1]!, hint: 'join the values in one line' }),
      };
    headers[name] = match[2]!;
  }
  return { headers, end: end + 1 };
}

function toBody(lines: readonly string[]): string | null {
  const text = lines.join('\n').replace(/\n+$/, '');
  return text.trim() === '' ? null : text;
}

function toFenceFault(fault: SpecFault, requestLine: number): Extract<ReadFence, { ok: false }>['faults'][number] {
  const { expected, got, hint } = fault;
  return { line: attributes.includes(String(fault.path[0])) ? infoLine : requestLine, column: 1, expected, got, hint };
}
