// Makes a copy of the launch in the directory given and starts both shops there. Each line on standard output is JSON.
// A line on standard input (Enter) runs the fix; Ctrl-C ends it.
import { resolve } from 'node:path';

import { prepareShopLaunch } from './prepare-shop-launch.ts';
import { startShop } from './start-shop.ts';

const directory = resolve(process.argv[2] ?? 'shop-launch');
const { legacyUrl, newUrl, candidateCommit } = await prepareShopLaunch(directory);
const shop = await startShop({ directory, flawed: !process.argv.includes('--fixed') });
print({ directory, legacyUrl, newUrl, candidateCommit, deeds: shop.deeds });
process.stdin.once('data', () => void shop.fix().then((deeds) => print({ deeds })));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    process.stdin.destroy();
    void shop.stop();
  });
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
