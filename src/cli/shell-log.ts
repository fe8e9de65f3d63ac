import { hostname } from 'node:os';

import { ProductError } from '../core/error/product-error.ts';
import { openLog, toLogError } from '../engine/log/open-log.ts';
import type { Log } from '../engine/log/open-log.ts';
import { renderLine } from '../engine/log/render-line.ts';
import type { LogFormat } from '../engine/log/render-line.ts';
import { openWarnings } from '../engine/log/send-warnings.ts';
import type { WarningSender } from '../engine/log/send-warnings.ts';
import { createMaskDesk } from '../mask/mask-desk.ts';
import type { MaskDesk } from '../mask/mask-desk.ts';
import type { Shell } from './shell.ts';

/** The log of a process that stays: what it does, masked by the desk that its secrets go through. */
export interface ShellLog {
  log: Log;
  /** Tells whoever started the process where it stands: a line among the others where those are for programs. */
  say: (text: string) => void;
  desk: MaskDesk;
  /** What the webhook of warnings was sent; null where there is none. */
  warnings: WarningSender | null;
  close(): Promise<void>;
}

/** Opens the log of `serve` or `worker`. Without `--log` lines go nowhere but to the webhook of warnings, and with TMINUS_DEBUG to stderr as text. */
export function openShellLog({ terminal, env }: Pick<Shell, 'terminal' | 'env'>, wish: string | undefined): ShellLog {
  const format = wish === undefined ? (env['TMINUS_DEBUG'] ? 'text' : null) : readFormat(wish);
  const desk: MaskDesk = createMaskDesk({
    rules: [],
    clock: () => new Date(),
    onRefused: ({ name, reason }) => log.write('warn', `secret ${name} cannot be masked: ${reason}`),
  });
  const warnings = openWarningsOf(env);
  const print =
    format === null ? [] : [(line: Parameters<typeof renderLine>[0]) => terminal.err(`${renderLine(line, format)}\n`)];
  const sinks = [...print, ...(warnings === null ? [] : [warnings.sink])];
  const log = openLog({ sinks, maskText: (text) => desk.maskText('log', text), now: () => new Date() });
  const say = (text: string): void => (format === 'json' ? log.write('info', text) : terminal.err(`${text}\n`));
  return { log, say, desk, warnings, close: async () => warnings?.close() };
}

/** Notes trouble that the process overcomes by itself. */
export function noteError(log: Log, error: unknown, about: { request?: string } = {}): void {
  const { message, fields } = toLogError(error);
  log.write('warn', message, { ...fields, ...about });
}

function readFormat(text: string): LogFormat {
  if (text === 'json' || text === 'text') return text;
  throw new ProductError('usage', `--log: expected json or text, got ${text}`, { hint: 'leave it out for none' });
}

function openWarningsOf(env: Shell['env']): WarningSender | null {
  const text = env['TMINUS_LOG_WEBHOOK'];
  if (!text) return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol))
    throw new ProductError('usage', 'TMINUS_LOG_WEBHOOK: expected an http or https URL, got another text', {
      hint: 'leave it out where nobody is told',
    });
  return openWarnings({ url, key: env['TMINUS_LOG_WEBHOOK_KEY'] ?? null, host: hostname() });
}
