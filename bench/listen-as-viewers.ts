import { request } from 'node:http';

/** What a crowd of viewers is told on its command line. */
export interface CrowdWish {
  url: string;
  cookies: string[];
  viewers: number;
}

/** What the crowd says at its end. */
export interface CrowdReport {
  open: number;
  /** Messages with data that the viewers got: the fewest, and the most. */
  fewest: number;
  most: number;
}

/**
 * Opens so many streams of events as browsers would, in a process of its own: their work must not be that of whoever measures.
 * Prints `ready` when all are open, and a report when its input ends.
 */
async function listen({ url, cookies, viewers }: CrowdWish): Promise<void> {
  const heard = Array.from({ length: viewers }, () => 0);
  let open = 0;
  const opened = heard.map(
    (_, viewer) =>
      new Promise<void>((resolve, reject) => {
        const cookie = cookies[viewer % cookies.length] ?? '';
        const asked = request(url, { headers: { cookie, accept: 'text/event-stream' }, agent: false }, (answer) => {
          if (answer.statusCode !== 200)
            return reject(new Error(`viewer ${viewer}: expected 200, got ${answer.statusCode}`));
          open += 1;
          answer.setEncoding('utf8').on('data', (piece: string) => {
            heard[viewer] = (heard[viewer] ?? 0) + (piece.match(/^data:/gmu)?.length ?? 0);
          });
          answer.on('close', () => (open -= 1));
          resolve();
        });
        asked.on('error', reject).end();
      }),
  );
  await Promise.all(opened);
  console.log('ready');
  for await (const _ of process.stdin) {
    // Nothing is said to it but that it ends.
  }
  const report: CrowdReport = { open, fewest: Math.min(...heard), most: Math.max(...heard) };
  console.log(JSON.stringify(report));
  process.exit(0);
}

await listen(JSON.parse(process.argv[2] ?? '') as CrowdWish);
