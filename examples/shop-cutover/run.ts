// Makes a copy of the launch in the directory given and starts both shops there. Each line on standard output is JSON.
// A line on standard input (Enter) runs the fix and lets customers in, the next one mends what they see; Ctrl-C ends it.
import { resolve } from 'node:path';

import { prepareShopLaunch } from './prepare-shop-launch.ts';
import { startShop } from './start-shop.ts';
import type { Deed } from './start-shop.ts';

const directory = resolve(process.argv[2] ?? 'shop-launch');
const { legacyUrl, newUrl, candidateCommit } = await prepareShopLaunch(directory);
const shop = await startShop({ directory, flawed: !process.argv.includes('--fixed') });
print({ directory, legacyUrl, newUrl, candidateCommit, deeds: shop.deeds });
const works = [fix, () => shop.mend()];
process.stdin.on('data', () => void works.shift()?.().then((deeds) => print({ deeds })));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdin.destroy();
    void shop.stop();
  });
}

async function fix(): Promise<readonly Deed[]> {
  const deeds = await shop.fix();
  await shop.letCustomersIn();
  return deeds;
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
