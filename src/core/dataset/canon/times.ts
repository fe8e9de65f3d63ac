import { UnreadableValue } from './unreadable-value.ts';

const dateTime =
  /^(\d{4,6}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s?(Z|[+-]\d\d(?::?\d\d)?(?::?\d\d)?)?( BC)?$/;
const clock = /^(-?)(\d{2,3}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

/** What engines write for nearly every value; anything else is taken apart. */
const usual = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.(\d{1,6}))?(Z|\+00(?::?00)?)?$/;
const usualDate = /^\d{4}-\d\d-\d\d$/;
const usualClock = /^\d\d:[0-5]\d:[0-5]\d(?:\.(\d{1,6}))?$/;

/** Parts of a point in time as it is written; `zone` is null where none is. */
interface Written {
  date: string;
  clock: string;
  zone: string | null;
  era: string;
}

/** Returns the canonical text of a point in time: UTC, at `scale` digits of a second, 6 at most; with a scale of null those that there are, without zeros at the end. A text without a zone throws: nobody has said which one. */
export function toTimestampTz(text: string, scale: number | null): string {
  const moment = readUsual(text, scale);
  if (moment?.zone === true) return `${moment.written}Z`;
  const special = toInfinity(text);
  if (special !== null) return special;
  const written = readWritten(text, 'a point in time');
  if (written.zone === null) throw new UnreadableValue('a point in time with its zone');
  const minutes = toSeconds(written.zone);
  return `${roundClock(minutes === 0 ? written : shift(written, -minutes), scale)}Z${written.era}`;
}

/** Returns the canonical text of a time on a calendar without a zone. `0000-00-00` is kept as it is: it equals nothing but itself. */
export function toTimestamp(text: string, scale: number | null): string {
  const moment = readUsual(text, scale);
  if (moment?.zone === false) return moment.written;
  const special = toInfinity(text);
  if (special !== null) return special;
  const written = readWritten(text, 'a date and time');
  if (written.zone !== null) throw new UnreadableValue('a date and time without a zone');
  return `${roundClock(written, scale)}${written.era}`;
}

/** Returns the canonical text of a date; a time of day behind it throws where it is not midnight. */
export function toDate(text: string): string {
  if (usualDate.test(text)) return text;
  const special = toInfinity(text);
  if (special !== null) return special;
  const { date, clock: time, zone, era } = readWritten(text, 'a date');
  if (/[1-9]/.test(time) || zone !== null) throw new UnreadableValue('a date');
  return date + era;
}

/** Returns the canonical text of a time of day, or of a span where the engine lets it pass 24 hours: `-838:59:59.000000`. */
export function toTime(text: string, scale: number | null): string {
  const common = usualClock.exec(text);
  if (common !== null && isExact(common[1] ?? '', scale)) return text;
  const match = clock.exec(text);
  const [, minus = '', hours = '', minutes = '', seconds = '00', fraction = ''] = match ?? [];
  if (match === null) throw new UnreadableValue('a time');
  const digits = Math.min(scale ?? 6, 6);
  const micros = toUnits(fraction, digits);
  const total = (BigInt(hours) * 3600n + BigInt(minutes) * 60n + BigInt(seconds)) * 10n ** BigInt(digits) + micros;
  const whole = total / 10n ** BigInt(digits);
  const parts = [whole / 3600n, (whole / 60n) % 60n, whole % 60n].map((part) => String(part).padStart(2, '0'));
  return `${total === 0n ? '' : minus}${parts.join(':')}${toFraction(total % 10n ** BigInt(digits), digits, scale)}`;
}

/** Returns the time on the clocks of a zone as a point in time; throws where it happened twice there, or never. */
export function fromZone(text: string, zone: string): string {
  const scale = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const local = Date.parse(`${text.slice(0, 19)}Z`);
  if (Number.isNaN(local)) throw new UnreadableValue('a date and time');
  const found = [...new Set([-36, -12, 0, 12, 36].map((hours) => local - offsetAt(local + hours * 3_600_000, zone)))];
  const fitting = found.filter((instant) => instant + offsetAt(instant, zone) === local);
  if (fitting.length !== 1) throw new UnreadableValue(`a time that the clocks of ${zone} showed exactly once`);
  const utc = new Date(fitting[0]!).toISOString().slice(0, 19);
  return `${utc}${scale === 0 ? '' : text.slice(19)}Z`;
}

function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length) ?? '';
  return toSeconds(name === '' ? 'Z' : name) * 1000;
}

/** A moment whose digits of a second are those that are wanted, without its zone; null where it has to be taken apart. */
function readUsual(text: string, scale: number | null): { written: string; zone: boolean } | null {
  const match = usual.exec(text);
  if (match === null || !isExact(match[1] ?? '', scale)) return null;
  const [, , zone = ''] = match;
  const written = text.charCodeAt(10) === 84 ? text : `${text.slice(0, 10)}T${text.slice(11)}`;
  return { written: zone === '' ? written : written.slice(0, -zone.length), zone: zone !== '' };
}

function isExact(fraction: string, scale: number | null): boolean {
  return scale === null ? !fraction.endsWith('0') : fraction.length === Math.min(scale, 6);
}

function toInfinity(text: string): string | null {
  return text === 'infinity' || text === '-infinity' ? text : null;
}

function readWritten(text: string, expected: string): Written {
  const match = dateTime.exec(text);
  const [, date = '', time = '00:00:00', zone = null, era = ''] = match ?? [];
  if (match === null) throw new UnreadableValue(expected);
  return { date, clock: time.length === 5 ? `${time}:00` : time, zone, era };
}

function toSeconds(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = '0', minutes = '0', seconds = '0'] = zone.slice(1).replaceAll(':', '').match(/\d\d/g) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return zone.startsWith('-') ? -size : size;
}

function shift({ date, clock: time, zone, era }: Written, seconds: number): Written {
  if (era !== '' || date.length > 10) throw new UnreadableValue('a point in time in UTC');
  const moved = Date.parse(`${date}T${time.slice(0, 8)}Z`) + seconds * 1000;
  if (Number.isNaN(moved)) throw new UnreadableValue('a point in time');
  const iso = new Date(moved).toISOString();
  return { date: iso.slice(0, 10), clock: iso.slice(11, 19) + time.slice(8), zone, era };
}

/** Rounds to the digits wanted as both Postgres and MySQL do, over the midnight where it has to. */
function roundClock(written: Written, scale: number | null): string {
  const digits = Math.min(scale ?? 6, 6);
  const fraction = written.clock.slice(9);
  const units = toUnits(fraction, digits);
  if (units < 10n ** BigInt(digits))
    return `${written.date}T${written.clock.slice(0, 8)}${toFraction(units, digits, scale)}`;
  const next = shift({ ...written, clock: written.clock.slice(0, 8) }, 1);
  return `${next.date}T${next.clock}${toFraction(0n, digits, scale)}`;
}

function toUnits(fraction: string, digits: number): bigint {
  const kept = BigInt(fraction.slice(0, digits).padEnd(digits, '0') || '0');
  return (fraction[digits] ?? '0') >= '5' ? kept + 1n : kept;
}

/** Without a scale there are as many digits as say something. */
function toFraction(units: bigint, digits: number, scale: number | null): string {
  const text = digits === 0 ? '' : `.${String(units).padStart(digits, '0')}`;
  return scale === null ? text.replace(/\.?0+$/, '') : text;
}
