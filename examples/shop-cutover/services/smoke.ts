// Asks the new shop twelve questions and writes the answers as JUnit XML.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const { url, report } = JSON.parse(process.argv[2] ?? '{}') as { url: string; report: string };
const orders = [1, 17, 23, 42, 77, 98, 104, 131, 166, 200];

async function read(path: string): Promise<{ [key: string]: unknown }> {
  const response = await fetch(url + path);
  if (response.status !== 200) throw new Error(`${path}: expected status 200, got ${response.status}`);
  return (await response.json()) as { [key: string]: unknown };
}

function expectEqual(what: string, got: unknown, wanted: unknown): void {
  if (got !== wanted) throw new Error(`${what}: expected ${String(wanted)}, got ${String(got)}`);
}

const cases: { name: string; run: () => Promise<void> }[] = [
  { name: 'the shop is well', run: async () => expectEqual('status', (await read('/api/health'))['status'], 'ok') },
  { name: 'the shop has 200 orders', run: async () => expectEqual('orders', (await read('/admin/orders/count'))['orders'], 200) },
  ...orders.map((id) => ({ name: `order ${id} is shown`, run: async () => expectEqual('id', (await read(`/orders/${id}`))['id'], id) })),
];

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const lines: string[] = [];
let failures = 0;
for (const { name, run } of cases) {
  const started = performance.now();
  const problem = await run().then(() => null, (error: Error) => error.message);
  const seconds = ((performance.now() - started) / 1000).toFixed(3);
  if (problem !== null) failures += 1;
  const end = problem === null ? '/>' : `><failure message="${escape(problem)}"/></testcase>`;
  lines.push(`  <testcase classname="smoke" name="${escape(name)}" time="${seconds}"${end}`);
}
mkdirSync(dirname(report), { recursive: true });
const head = `<testsuite name="smoke" tests="${lines.length}" failures="${failures}" errors="0" skipped="0">`;
writeFileSync(report, `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${lines.join('\n')}\n</testsuite>\n`);
process.stdout.write(`${lines.length - failures} of ${lines.length} smoke tests passed\n`);
process.exitCode = failures === 0 ? 0 : 1;
