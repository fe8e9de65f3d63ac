import { writeSync } from 'node:fs';

// Preloaded into a process of the tests: tells its largest resident memory (in KiB) and the time it worked (in ms) on descriptor 3 when it ends.
process.on('exit', () => {
  try {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeSync(3, `${maxRSS} ${(userCPUTime + systemCPUTime) / 1000}`);
  } catch {
    // Whoever started it has stopped listening.
  }
});
