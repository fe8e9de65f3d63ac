// Makes a copy of the launch in the directory given, for the name server given and the key in DNS_KEY, and starts all four sites. Ctrl-C ends it.
import { resolve } from 'node:path';

import { prepareDnsCutover } from './prepare-dns-cutover.ts';
import { startDnsCutover } from './start-dns-cutover.ts';

const [directory = 'dns-cutover', address = '127.0.0.1:53', ...secondaries] = process.argv.slice(2);
const key = process.env['DNS_KEY'] ?? '';
if (key === '') throw new Error('DNS_KEY: expected algorithm:name:base64, got nothing');
const { directory: copy, commit, environments } = await prepareDnsCutover(resolve(directory), { address, key, secondaries });
const running = await startDnsCutover(copy);
process.stdout.write(`${JSON.stringify({ directory: copy, commit, environments })}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop());
