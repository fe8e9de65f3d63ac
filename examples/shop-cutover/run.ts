// Makes a copy of the launch in the directory given, starts both shops there and prints one line of JSON; Ctrl-C ends it.
import { resolve } from 'node:path';

import { prepareShopLaunch } from './prepare-shop-launch.ts';
import { startShop } from './start-shop.ts';

const directory = resolve(process.argv[2] ?? 'shop-launch');
const { legacyUrl, newUrl, candidateCommit } = await prepareShopLaunch(directory);
const shop = await startShop({ directory, flawed: !process.argv.includes('--fixed') });
process.stdout.write(`${JSON.stringify({ directory, legacyUrl, newUrl, candidateCommit, deeds: shop.deeds })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shop.stop());
