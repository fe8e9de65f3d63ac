import { readTraceSettings } from '../../src/engine/trace/read-trace-settings.ts';
import { openTraceExport } from '../../src/engine/trace/open-trace-export.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startEngine } from '../runs/start-engine.ts';

// A worker with an export of traces, to be killed: what was begun here has to end in the same trace elsewhere.
const [url = '', dataDirectory = ''] = process.argv.slice(2);
const engine = await startEngine({
  url,
  dataDirectory,
  open: () => openStore({ dataDirectory, databaseUrl: url }),
  drop: () => Promise.resolve(),
});
const wish = readTraceSettings(process.env, 'test');
if (wish.state !== 'on') throw new Error(`traces: expected settings, got ${wish.state}`);
openTraceExport({
  store: engine.store,
  settings: wish.settings,
  version: 'test',
  maskText: (text) => text,
  report: (error) => process.emitWarning(error as Error),
});
// Whoever started it is gone: nobody would end it.
process.stdin.on('end', () => process.exit(0)).resume();
await engine.work();
process.stdout.write('ready\n');
