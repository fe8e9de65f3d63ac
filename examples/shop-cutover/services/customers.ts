// A thousand customers look at their orders, so many in a second, until they are stopped.
import { Agent, request } from 'node:http';

const { url, perSecond } = JSON.parse(process.argv[2] ?? '{}') as { url: string; perSecond: number };
const agent = new Agent({ keepAlive: true, maxSockets: 32, timeout: 30_000 });
const beganAt = performance.now();
let sent = 0;

process.stdout.write(`${JSON.stringify({ customers: perSecond })}\n`);
setInterval(() => {
  const due = Math.floor(((performance.now() - beganAt) / 1000) * perSecond);
  // After a pause of the machine nobody makes up for it: customers do not come twice.
  sent = Math.max(sent, due - perSecond);
  for (; sent < due; sent += 1) look(Math.floor(Math.random() * 1000));
}, 20);

/** Four in five look at an order, one at the page of the shop. */
function look(customer: number): void {
  const path = Math.random() < 0.8 ? `/orders/${1 + (customer % 200)}` : '/api/health';
  const asked = request(url + path, { agent, headers: { cookie: `customer=${customer}` } }, (answer) => answer.resume());
  asked.on('error', () => undefined);
  asked.end();
}
