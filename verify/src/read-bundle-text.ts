import { bundleLimits } from './bundle-layout.ts';
import type { BundleSource } from './bundle-source.ts';
import { FormatError } from './format-error.ts';
import { decodeUtf8 } from './parse-strict-json.ts';

/** The text of a file of the bundle that must be UTF-8 and of moderate size. */
export function readBundleText(source: BundleSource, name: string): string {
  const bytes = source.read(name);
  if (bytes.length > bundleLimits.jsonBytes) {
    const expected = `at most ${bundleLimits.jsonBytes} bytes`;
    throw new FormatError({ where: name, expected, got: String(bytes.length) });
  }
  return decodeUtf8(bytes, name);
}
