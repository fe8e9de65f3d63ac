/** `1d 02:03:04`, `2:03:04`, `3:04`: what a clock would show, with days where there are any; a minus before what is negative. */
export function formatClock(ms: number): string {
  const total = Math.floor(Math.abs(ms) / 1000);
  const days = Math.floor(total / 86_400);
  const hours = Math.floor((total % 86_400) / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = pad(total % 60);
  const sign = ms < 0 && total > 0 ? '\u2212' : '';
  if (days > 0) return `${sign}${days}d ${pad(hours)}:${pad(minutes)}:${seconds}`;
  return hours > 0 ? `${sign}${hours}:${pad(minutes)}:${seconds}` : `${sign}${minutes}:${seconds}`;
}

/** `3 d 4 h`, `12 min 5 s`, `850 ms`: a length in at most two units, for people. */
export function formatDuration(ms: number): string {
  const sign = ms < 0 ? '\u2212' : '';
  const value = Math.abs(ms);
  if (value < 1000) return `${sign}${Math.round(value)} ms`;
  // In whole units of what is shown first, so that 119.6 s is "2 min" and never "1 min 60 s".
  const seconds = Math.round(value / 1000);
  if (seconds < 60) return `${sign}${value < 10_000 ? Math.round(value / 100) / 10 : seconds} s`;
  if (seconds < 3600) return sign + join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return sign + join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return sign + join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function join(first: number, unit: string, second: number, smaller: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
