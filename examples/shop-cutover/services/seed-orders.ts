import type { Order, OrderStore } from './order-store.ts';

const firstNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana', 'Ivo', 'June'];
const lastNames = ['Adams', 'Brook', 'Carter', 'Doyle', 'Evans', 'Frost', 'Grant', 'Hughes'];

/** Seven customers whose names do not fit into ASCII, as in every real customer table. */
const accented: { [id: number]: string } = {
  17: 'Zoë Ångström',
  42: 'José Núñez',
  61: 'Łukasz Żak',
  98: 'François Lefèvre',
  123: 'Μαρία Παππά',
  150: 'Đặng Thị Hoa',
  188: '山田 花子',
};

/** The order of a number; the same on every machine. */
function seedOrder(id: number): Order {
  const name = `${firstNames[id % firstNames.length]} ${lastNames[id % lastNames.length]}`;
  const day = String(1 + (id % 28)).padStart(2, '0');
  return { id, customer: accented[id] ?? name, totalCents: 500 + ((id * 7919) % 20_000), placedAt: `2026-10-${day}T12:00:00Z` };
}

/** Puts the 200 orders of the legacy shop into an empty store. */
export function seedOrders(store: OrderStore): void {
  store.together(() => {
    for (let id = 1; id <= 200; id += 1) store.put(seedOrder(id));
  });
}
