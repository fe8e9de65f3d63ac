import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

import { encodeIndexed } from './encode-indexed.ts';

const folder = join(import.meta.dirname, 'baselines');
const faults = join(tmpdir(), 'tminus-visual');

/** Share of pixels that may differ from the baseline (T20). */
export const pixelBudget = 0.003;

/** How a picture stands to its baseline. */
export interface PictureVerdict {
  /** Share of pixels that differ; 1 where there is no baseline, or one of another size. */
  changed: number;
  /** What is wrong and where to look; null where it is within the budget. */
  fault: string | null;
}

/** Compares a screenshot with the baseline of that name; where baselines are being taken, it becomes the baseline. */
export function comparePicture(name: string, screenshot: Uint8Array): PictureVerdict {
  const file = join(folder, `${name}.png`);
  const picture = PNG.sync.read(Buffer.from(screenshot));
  if (process.env['TMINUS_BASELINES'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, encodeIndexed(picture));
    return { changed: 0, fault: null };
  }
  if (!existsSync(file))
    return { changed: 1, fault: `${name}: expected a baseline, got none; run "npm run baselines"` };
  return judgePicture(name, PNG.sync.read(readFileSync(file)), picture);
}

/** Both sides are decoded; what differs is written beside them for whoever has to look. */
export function judgePicture(name: string, baseline: PNG, picture: PNG): PictureVerdict {
  const { width, height } = baseline;
  if (picture.width !== width || picture.height !== height) {
    const size = `${picture.width} x ${picture.height}`;
    return { changed: 1, fault: `${name}: expected ${width} x ${height} pixels, got ${size}` };
  }
  const diff = new PNG({ width, height });
  const changed =
    pixelmatch(baseline.data, picture.data, diff.data, width, height, { threshold: 0.1 }) / (width * height);
  if (changed <= pixelBudget) return { changed, fault: null };
  mkdirSync(faults, { recursive: true });
  writeFileSync(join(faults, `${name}-is.png`), PNG.sync.write(picture));
  writeFileSync(join(faults, `${name}-diff.png`), PNG.sync.write(diff));
  const share = `${(changed * 100).toFixed(2)} %`;
  return {
    changed,
    fault: `${name}: expected at most ${pixelBudget * 100} % of pixels to differ, got ${share}; look at ${faults}/${name}-diff.png, then mend the page or run "npm run baselines"`,
  };
}
