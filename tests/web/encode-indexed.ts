import { crc32, deflateSync } from 'node:zlib';

import type { PNG } from 'pngjs';

/**
 * The bytes of a picture as a PNG with a palette of 256 colours (PNG third edition, colour type 3), a third of what it is otherwise. Colours that differ little
 * share a place, so that a rare one that means something keeps its own.
 */
export function encodeIndexed({ width, height, data }: PNG): Buffer {
  const palette = choosePalette(data);
  const places = new Map(palette.map((color, place) => [color, place]));
  // Every row begins with its filter: none is best where neighbours are places and no values.
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const color = data.readUIntBE(pixel * 4, 3);
    const place = places.get(color) ?? findNearest(color, palette);
    places.set(color, place);
    rows[pixel + Math.floor(pixel / width) + 1] = place;
  }
  const head = Buffer.from([...uint32(width), ...uint32(height), 8, 3, 0, 0, 0]);
  const colors = Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]));
  const parts = [
    chunk('IHDR', head),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]);
}

/** The most frequent colour of each of the most frequent neighbourhoods. */
function choosePalette(data: Buffer): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at += 4) {
    const color = data.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const areas = new Map<number, { color: number; most: number; all: number }>();
  for (const [color, count] of counts) {
    const area = areas.get(color & 0xf0_f0_f0) ?? { color, most: 0, all: 0 };
    const best = count > area.most ? { color, most: count } : { color: area.color, most: area.most };
    areas.set(color & 0xf0_f0_f0, { ...best, all: area.all + count });
  }
  const frequent = [...areas.values()].toSorted((a, b) => b.all - a.all);
  const chosen = new Set(frequent.slice(0, 192).map(({ color }) => color));
  // What is left goes to shades that lie close together, such as those of a background.
  for (const [color] of [...counts].toSorted(([, a], [, b]) => b - a)) if (chosen.size < 256) chosen.add(color);
  return [...chosen];
}

function findNearest(color: number, palette: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, one] of palette.entries()) {
    const far = [16, 8, 0].reduce((sum, bit) => sum + (((one >> bit) & 255) - ((color >> bit) & 255)) ** 2, 0);
    if (far < least) [best, least] = [place, far];
  }
  return best;
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  return Buffer.concat([Buffer.from(uint32(body.length)), named, Buffer.from(uint32(crc32(named)))]);
}

function uint32(value: number): number[] {
  return [24, 16, 8, 0].map((bit) => (value >>> bit) & 255);
}
