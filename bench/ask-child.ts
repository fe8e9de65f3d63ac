import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Processor time and memory of a process. */
export interface Usage {
  heapBytes: number;
  rssBytes: number;
  cpuMs: number;
}

/** A process of a bench that answers questions. */
export interface Child {
  ask<Answer>(question: string, what?: unknown): Promise<Answer>;
  usage(): Promise<Usage>;
  end(): Promise<void>;
}

/** Starts a file of the bench in a process of its own. `TMINUS_PROFILE` names a folder in which it leaves a profile of its processor time. */
export function startChild(file: string): Child {
  const profile = process.env['TMINUS_PROFILE'];
  const execArgv = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])];
  const child = fork(join(import.meta.dirname, file), [], { execArgv });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let last = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(answer);
    else asked?.reject(new Error(`${file}: ${error}`));
  });
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file}: ended with ${code}`));
  });
  const ask = <Answer>(question: string, what?: unknown): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      child.send({ id: last, ask: question, what: what ?? null });
    });
  return {
    ask,
    usage: () => ask<Usage>('usage'),
    async end() {
      const gone = once(child, 'exit');
      await ask('end');
      await gone;
    },
  };
}
