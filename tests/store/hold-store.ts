import { openStore } from '../../src/store/open-store.ts';

// Opens the store of the folder in argv and stays in it until it is told to leave by a line on stdin, or killed.
const [dataDirectory = '', command = 'tminus hold', waitMs = '10000'] = process.argv.slice(2);
try {
  const store = await openStore({ dataDirectory, command, waitMs: Number(waitMs) });
  const server = store.database.server?.supervisor.current();
  process.stdout.write(`open ${JSON.stringify({ pid: server?.postmaster.pid, adopted: server?.adopted })}\n`);
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await store.close();
  process.stdout.write('closed\n');
} catch (error) {
  process.stdout.write(
    `failed ${JSON.stringify(error instanceof Error ? { ...error, message: error.message } : error)}\n`,
  );
}
process.exit(0);
