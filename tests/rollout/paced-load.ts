import { Pool } from 'undici';

/** Requests at a steady pace, until they are stopped. */
export interface PacedLoad {
  /** Answers by status so far. */
  answers: Map<number, number>;
  /** Requests that no answer came to, in words. */
  lost: string[];
  stop(): Promise<void>;
}

/** Sends so many requests in a second, whatever comes of them. */
export function startPacedLoad(url: string, perSecond: number): PacedLoad {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections: 32 });
  const answers = new Map<number, number>();
  const lost: string[] = [];
  const open = new Set<Promise<void>>();
  const send = async (): Promise<void> => {
    try {
      const { statusCode, body } = await pool.request({ path, method: 'GET' });
      await body.dump();
      answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
    } catch (error) {
      lost.push(String(error));
    }
  };
  const beganAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - beganAt) / 1_000) * perSecond);
    for (; sent < due; sent += 1) {
      const one = send().finally(() => open.delete(one));
      open.add(one);
    }
  }, 20);
  return {
    answers,
    lost,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      await pool.close();
    },
  };
}
