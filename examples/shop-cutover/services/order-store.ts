import { DatabaseSync } from 'node:sqlite';

/** An order as both shops know it; amounts are cents. */
export interface Order {
  id: number;
  customer: string;
  totalCents: number;
  placedAt: string;
}

/** Where a shop keeps its orders. Another database is another implementation of this. */
export interface OrderStore {
  all(): Order[];
  find(id: number): Order | null;
  count(): number;
  put(order: Order): void;
  /** Keeps everything that `work` puts, or nothing of it where it throws. */
  together(work: () => void): void;
  close(): void;
}

/** Opens the orders behind `sqlite:path`; the table is made where there is none. */
export function openOrderStore(url: string): OrderStore {
  if (!url.startsWith('sqlite:')) throw new Error(`${url}: expected sqlite:path, got another kind of database`);
  const database = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 5000 });
  database.exec('create table if not exists orders (id integer primary key, customer text not null, total_cents integer not null, placed_at text not null) strict');
  const columns = 'select id, customer, total_cents as totalCents, placed_at as placedAt from orders';
  const all = database.prepare(`${columns} order by id`);
  const one = database.prepare(`${columns} where id = ?`);
  const total = database.prepare('select count(*) as total from orders');
  const put = database.prepare('insert or replace into orders values (?, ?, ?, ?)');
  return {
    all: () => all.all() as unknown as Order[],
    find: (id) => (one.get(id) as unknown as Order | undefined) ?? null,
    count: () => Number(total.get()?.['total']),
    put: ({ id, customer, totalCents, placedAt }) => void put.run(id, customer, totalCents, placedAt),
    together(work) {
      database.exec('begin immediate');
      try {
        work();
        database.exec('commit');
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },
    close: () => database.close(),
  };
}
