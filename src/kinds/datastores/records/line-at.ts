import type { FileInput } from './open-file-input.ts';

/** Returns the line of a byte, from 1. Line numbers are wanted only where something is wrong: they are counted then. */
export async function lineAt(input: FileInput, end: number): Promise<number> {
  let line = 1;
  let passed = 0;
  for await (const chunk of input.read()) {
    const part = chunk.subarray(0, Math.max(0, end - passed));
    for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) line += 1;
    passed += chunk.length;
    if (passed >= end) break;
  }
  return line;
}
