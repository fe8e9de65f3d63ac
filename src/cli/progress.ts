import type { Terminal } from './terminal.ts';

/** Shows how far long work has come: one redrawn line for a person, one line per event in CI. */
export interface Progress {
  update(done: number, total: number, text: string): void;
  /** Writes a line that stays: what was found on the way. */
  tell(text: string): void;
  /** Clears the redrawn line, so that what follows starts clean. */
  end(): void;
}

/** Progress on stderr of the terminal; silent with `quiet`. */
export function openProgress(terminal: Terminal, quiet: boolean): Progress {
  if (quiet) return { update: () => {}, tell: () => {}, end: () => {} };
  const tell = (text: string): void => terminal.err(`${text}\n`);
  if (!terminal.interactive) {
    return { update: (done, total, text) => tell(`${done}/${total} ${text}`), tell, end: () => {} };
  }
  return {
    tell: (text) => {
      terminal.redraw('');
      tell(text);
    },
    update: (done, total, text) => {
      const line = `${done}/${total} ${text}`.slice(0, Math.max(10, terminal.columns - 1));
      terminal.redraw(line);
    },
    end: () => terminal.redraw(''),
  };
}
