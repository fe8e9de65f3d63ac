import { writeSync } from 'node:fs';

// Preloaded into a process of the tests: tells its largest resident memory (in KiB) on descriptor 3 when it ends.
process.on('exit', () => {
  try {
    writeSync(3, String(process.resourceUsage().maxRSS));
  } catch {
    // Whoever started it has stopped listening.
  }
});
