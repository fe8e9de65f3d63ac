// Writes the customer of one order as a program does that takes UTF-8 for Latin-1: the fault that is planted to be found.
import { openOrderStore } from './order-store.ts';

const { database, id } = JSON.parse(process.argv[2] ?? '{}') as { database: string; id: number };
const store = openOrderStore(database);
const order = store.find(id);
if (order === null) throw new Error(`order ${id}: expected one to spoil, got none`);
const customer = Buffer.from(order.customer, 'utf8').toString('latin1');
store.put({ ...order, customer });
store.close();
process.stdout.write(`order ${id} is of ${customer} now\n`);
