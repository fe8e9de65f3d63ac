import { isLostConnection } from '../../store/database-error.ts';

/**
 * Returns a function that hands items to `run` in batches: while one batch is under way, the next gathers. Nothing waits for a timer.
 * `run` answers for each item at its place. When it throws for several, each is tried alone, so that one bad item spoils no other. A lost connection is
 * no fault of an item: all of them may have been carried out, and each caller has to look what became of its own.
 */
export function createGather<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let busy = false;

  const answer = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const answers = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, place) => resolve(answers[place] as Answer));
    } catch (error) {
      if (batch.length === 1 || isLostConnection(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await answer([one]);
    }
  };

  const work = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await answer(batch);
    }
    busy = false;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void work();
    });
}
