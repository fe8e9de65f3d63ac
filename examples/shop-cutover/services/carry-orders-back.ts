// Carries the orders that only the new shop has back to the legacy shop: what customers placed there is kept. Running it again changes nothing more.
import { openOrderStore } from './order-store.ts';

const { from, to } = JSON.parse(process.argv[2] ?? '{}') as { from: string; to: string };
const source = openOrderStore(from);
const legacy = openOrderStore(to);
const before = source.all().filter(({ id }) => legacy.find(id) === null);
legacy.together(() => before.forEach((order) => legacy.put(order)));
const lost = before.filter(({ id }) => legacy.find(id) === null);
process.stdout.write(`found ${before.length} orders of the new shop only, ${before.length - lost.length} are in the legacy shop now, ${lost.length} are not\n`);
process.exitCode = lost.length === 0 ? 0 : 1;
