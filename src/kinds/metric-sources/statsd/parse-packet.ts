import type { ReceivedCount } from '../series-store.ts';

/** What a packet held: counters, and lines that could not be read. */
export interface Packet {
  counts: ReceivedCount[];
  unreadable: string[];
}

const line = /^([^:|@#\s]+):([+-]?\d+(?:\.\d+)?)\|(c|g|ms|h|s|d)((?:\|[@#cT][^|]*)*)$/;

/**
 * Reads lines of StatsD with the tags of DogStatsD: `shop.requests:3|c|@0.1|#arm:canary,route:/cart`. Only counters count; gauges, timers and sets are
 * passed over. A sampled count is scaled up. Names and tags are taken as they are, but for dots and dashes of tags, which selectors cannot name.
 */
export function parsePacket(text: string): Packet {
  const packet: Packet = { counts: [], unreadable: [] };
  for (const written of text.split('\n').filter((one) => one.trim() !== '')) {
    const match = line.exec(written.trim());
    if (match === null) packet.unreadable.push(written.slice(0, 80));
    else if (match[3] === 'c') addCount(packet, written, match);
  }
  return packet;
}

function addCount(packet: Packet, written: string, [, name = '', number = '', , rest = '']: RegExpExecArray): void {
  const parts = rest.split('|').filter((part) => part !== '');
  const rate = Number(parts.find((part) => part.startsWith('@'))?.slice(1) ?? 1);
  const more = Number(number) / rate;
  if (!(rate > 0 && rate <= 1) || !(more >= 0)) packet.unreadable.push(written.slice(0, 80));
  else packet.counts.push({ name, labels: readTags(parts), target: 'statsd', value: { more } });
}

function readTags(parts: readonly string[]): { [label: string]: string } {
  const tags = parts.find((part) => part.startsWith('#'))?.slice(1) ?? '';
  const pairs = tags.split(',').filter((tag) => tag !== '');
  return Object.fromEntries(
    pairs.map((tag) => {
      const at = tag.indexOf(':');
      const label = (at === -1 ? tag : tag.slice(0, at)).replaceAll(/[^a-zA-Z0-9_]/g, '_');
      return [label, at === -1 ? '' : tag.slice(at + 1)];
    }),
  );
}
