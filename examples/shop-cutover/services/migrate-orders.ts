// Copies every order of the legacy shop to the new one. Running it again changes nothing more.
import { openOrderStore } from './order-store.ts';

const { from, to } = JSON.parse(process.argv[2] ?? '{}') as { from: string; to: string };
const legacy = openOrderStore(from);
const target = openOrderStore(to);
const orders = legacy.all();
target.together(() => orders.forEach((order) => target.put(order)));
const lost = orders.filter(({ id }) => target.find(id) === null);
process.stdout.write(`read ${orders.length} orders, ${orders.length - lost.length} are in the new shop, ${lost.length} are not\n`);
process.exitCode = lost.length === 0 ? 0 : 1;
