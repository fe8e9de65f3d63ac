import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readError } from '../e2e/start-tminus.ts';
import { startSmallLaunch } from '../e2e/start-small-launch.ts';
import type { SmallLaunch } from '../e2e/start-small-launch.ts';
import { readJson } from '../e2e/run-desk.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const sections = `## Runbook

1. Copy {#copy undo=uncopy}

   \`\`\`sh timeout=1m
   echo done >> copied
   \`\`\`
2. Count {#count}

   \`\`\`sh timeout=1m
   cat copied
   \`\`\`

### Undo

1. Take it back {#uncopy}

   \`\`\`sh timeout=1m
   rm -f copied
   \`\`\`
`;

let database: TestDatabase;
let small: SmallLaunch;

beforeAll(async () => {
  database = await createTestDatabase();
  small = startSmallLaunch({ DATABASE_URL: database.url });
  small.write(sections);
});
afterAll(async () => {
  await small.stop();
  await database.drop();
});

interface SeenForecast {
  run: string | null;
  finishMs: { p90: number } | null;
  gaps: { step: string }[];
  assumed: string[];
}

interface SeenHealth {
  state: string;
  components: { component: string; state: string }[];
  metrics: { id: string; verdict: string }[];
}

const seeForecast = async (...args: string[]): Promise<SeenForecast> =>
  readJson(await small.desk.tminus('forecast', ...args, '--json')) as SeenForecast;
const doctor = async () => small.desk.tminus('doctor');

describe('forecast, metrics and doctor at the command line', { timeout: 600_000 }, () => {
  it('C14 forecast names what was never measured, marks what it assumes, and refuses what is no length', async () => {
    const blind = await seeForecast();
    expect([blind.finishMs, blind.gaps.map(({ step }) => step)]).toEqual([null, ['copy', 'count']]);
    const marked = await seeForecast('--assume', '5m');
    expect(marked.assumed.slice(0, 2)).toEqual(['copy', 'count']);
    expect(marked.finishMs).not.toBeNull();
    const refused = await small.desk.tminus('forecast', '--assume', 'soon', '--json');
    expect([refused.exit, readError(refused).code]).toEqual([2, 'usage']);
  });

  it('O17 doctor has nothing to watch before the first run, and is bad while a run waits for a worker', async () => {
    const before = await doctor();
    expect([before.exit, before.stdout]).toEqual([0, expect.stringMatching(/ok +runs +none yet/u)]);
    const run = await small.desk.order('alice', 5);
    const waiting = await doctor();
    expect([waiting.exit, waiting.stdout]).toEqual([
      1,
      expect.stringMatching(/bad +workers +unhealthy: none is heard/u),
    ]);
    const named = await seeForecast();
    expect(named.run).toBe(run);
    await small.desk.startWorker();
    await small.desk.until('the run completed', (seen) => seen.run.state === 'completed', { run });
    const after = await doctor();
    expect([after.exit, after.stdout]).toEqual([0, expect.stringMatching(/ok +workers +1 heard/u)]);
  });

  it('O16 metrics are shown with their verdicts, and printed for a scraper', async () => {
    const seen = readJson(await small.desk.tminus('metrics', '--json')) as SeenHealth;
    expect(seen.metrics.length).toBe(16);
    expect(seen.metrics.filter(({ verdict }) => verdict === 'unknown').map(({ id }) => id)).toEqual([
      'api-availability',
    ]);
    expect(seen.components.filter(({ state }) => state !== 'healthy')).toEqual([]);
    const scraped = await small.desk.tminus('metrics', '--format', 'prometheus');
    expect(scraped.stdout).toContain('\ntminus_success_ratio 1\n');
    expect(scraped.stdout).toContain('tminus_window_steps{kind="sh",outcome="done"} 2\n');
    const text = await small.desk.tminus('metrics');
    expect(text.stdout).toMatch(/ok +runs that succeeded +100\.0 %/u);
  });

  it('C14 forecast has figures once every step was measured', async () => {
    const found = await seeForecast('runbook');
    expect([found.run, found.gaps]).toEqual([null, []]);
    expect(found.finishMs).not.toBeNull();
  });
});
