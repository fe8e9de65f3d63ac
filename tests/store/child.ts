import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process of its own that runs a script of this folder and says what it has reached, one word per line. */
export interface Child {
  process: ChildProcess;
  /** Resolves with the rest of the first line that begins with `word`; rejects when the process ends before. */
  said(word: string): Promise<string>;
  /** Resolves with exit code or signal. */
  ended: Promise<number | string>;
  stderr(): string;
  /** Calls `listener` with each further line. */
  onLine(listener: (line: string) => void): void;
}

/** Starts `script` (a file beside this one) with arguments; it is a group of its own, so that a whole group can be killed. */
export function startChild(script: string, args: readonly string[]): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const news = new EventEmitter().setMaxListeners(0);
  let errors = '';
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()));
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    lines.push(line);
    news.emit('line', line);
    news.emit('news');
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    const how = (code as number | null) ?? (signal as string);
    news.emit('news');
    return how;
  });
  const said = async (word: string): Promise<string> => {
    for (;;) {
      const line = lines.find((one) => one === word || one.startsWith(`${word} `));
      if (line !== undefined) return line.slice(word.length + 1);
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`child: expected "${word}", got its end\n${lines.join('\n')}\n${errors}`);
      await once(news, 'news');
    }
  };
  return { process: child, said, ended, stderr: () => errors, onLine: (listener) => void news.on('line', listener) };
}
