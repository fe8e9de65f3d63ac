/** What a process of a bench can be asked for. */
export type Answers = Readonly<Record<string, (what: unknown) => Promise<object>>>;

/** Processor time and memory of this process, after everything that can go has gone. */
async function readUsage(): Promise<object> {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { heapBytes: heapUsed + external, rssBytes: rss, cpuMs: (user + system) / 1_000 };
}

/** Answers questions of the process that started this one, one line of JSON each; ends with `end`. */
export function answerParent(own: Answers): void {
  const answers: Answers = { usage: readUsage, ...own };
  process.on('message', (asked: { id: number; ask: string; what: unknown }) => {
    answers[asked.ask]!(asked.what).then(
      (answer) => {
        process.send!({ id: asked.id, answer });
        if (asked.ask === 'end') process.disconnect();
      },
      (error: unknown) => process.send!({ id: asked.id, error: String(error) }),
    );
  });
}
