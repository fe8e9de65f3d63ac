import { DatabaseSync } from 'node:sqlite';

/** Delivers what could not be delivered before, and nothing that was. */
export const replaying =
  'insert into orders select id, cents from dead_letters where id not in (select id from orders)';
/** Forgets what was delivered. */
export const clearing = 'delete from dead_letters where id in (select id from orders)';

/** Returns a recovery of orders with the procedure behind which it begins: writers are stopped by the app at `port`, what was spoilt is restored, dead letters are delivered. */
export function recoveryOfOrders(port: number): string {
  return `## Rollback: data {#data}

\`\`\`yaml rollback
kind: recovery
ledger: count
after: lose
\`\`\`

1. Stop whoever writes {#stop}

   \`\`\`yaml step
   kind: http
   url: "http://127.0.0.1:${port}/stop"
   expect: [json.delivering == false]
   \`\`\`

2. The file itself is whole {#whole}

   \`\`\`yaml step
   kind: check
   check: { kind: sql, url: "sqlite:orders.db", query: "select integrity_check as value from pragma_integrity_check", expect: [value == "ok"] }
   \`\`\`

3. Restore what was spoilt {#restore}

   \`\`\`sql url=sqlite:orders.db
   update orders set cents = (select cents from saved where saved.id = orders.id) where cents is null
   \`\`\`

4. Replay what could not be delivered {#replay}

   \`\`\`sql url=sqlite:orders.db
   ${replaying}
   \`\`\`

5. Nothing waits any more {#clear}

   \`\`\`sql url=sqlite:orders.db
   ${clearing}
   \`\`\`

6. Every order has its worth, and none waits {#worth}

   \`\`\`yaml step
   kind: check
   check: { kind: sql, url: "sqlite:orders.db", query: "select (select count(*) from orders where cents is null) + (select count(*) from dead_letters) as value", expect: [value == 0] }
   \`\`\`

7. Count every order that was taken, wherever it is {#count}

   \`\`\`yaml step
   kind: check
   check:
     kind: sql
     url: "sqlite:orders.db"
     query: "select (select count(*) from orders) + (select count(*) from dead_letters where id not in (select id from orders)) as value"
     expect: [value exists]
   \`\`\`

## Procedure: forward {#forward}

1. What goes wrong {#lose}

   \`\`\`sql url=sqlite:orders.db
   update orders set cents = null where id = 3
   \`\`\`

`;
}

/** Makes the database that the recovery is of: five orders were taken, two of them wait as dead letters, and one of those that were delivered does so, too. */
export function fillOrders(path: string): void {
  const orders = new DatabaseSync(path, { timeout: 30_000 });
  for (const table of ['orders', 'saved', 'dead_letters'])
    orders.exec(`create table ${table} (id integer, cents integer)`);
  for (const table of ['orders', 'saved']) orders.exec(`insert into ${table} values (1, 10), (2, 20), (3, 30)`);
  orders.exec('insert into dead_letters values (2, 20), (4, 40), (5, 50)');
  orders.close();
}
