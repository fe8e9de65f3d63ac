import type { LogLine } from './open-log.ts';

/** How lines are written: JSON for programs, text for people. */
export type LogFormat = 'json' | 'text';

/** Returns a line without its end. A text that a target could have written is quoted, so that nothing makes two lines of one. */
export function renderLine({ time, level, message, fields }: LogLine, format: LogFormat): string {
  if (format === 'json') return JSON.stringify({ time, level, message, ...fields });
  const said = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? quote(value) : value}`,
  );
  return [time, level.padEnd(5), message.replaceAll(/[\r\n]+/gu, ' '), ...said].join(' ');
}

function quote(text: string): string {
  return /^[\w.:/@-]+$/u.test(text) ? text : JSON.stringify(text);
}
