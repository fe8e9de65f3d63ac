import styles from './time.module.css';

const local = new Intl.DateTimeFormat('en-GB', {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const localZone = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' });

/**
 * A moment as everybody can read it: in UTC, which all of a launch share, and in the time of whoever looks.
 * `short` shows UTC alone, for tables; the local time is in its title.
 */
export function Time({ at, short = false }: { at: number | string; short?: boolean }) {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return <span>{String(at)}</span>;
  const utc = toUtc(moment);
  const here = `${local.format(moment)} ${toZone(moment)}`;
  return (
    <time dateTime={moment.toISOString()} className={styles.time} title={`${utc} UTC, ${here}`}>
      <span className={styles.date}>{utc.slice(0, 10)}</span> {utc.slice(11)} <abbr className={styles.zone}>UTC</abbr>
      {short || isUtc(moment) ? null : <span className={styles.local}> {here}</span>}
    </time>
  );
}

/** `2026-11-21 16:40:05`, which sorts and is the same everywhere. */
function toUtc(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

function toZone(moment: Date): string {
  return localZone.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

function isUtc(moment: Date): boolean {
  return moment.getTimezoneOffset() === 0;
}
