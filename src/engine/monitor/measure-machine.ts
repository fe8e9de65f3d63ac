import { cpus, totalmem } from 'node:os';

import { known, noData } from '../../core/metric/reading.ts';
import type { Reading } from '../../core/metric/reading.ts';

/** Memory in use in percent: of the limit that is set for this process, or of the machine where none is. */
export function measureMemory(): Reading {
  const limit = process.constrainedMemory();
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  const available = Math.min(process.availableMemory(), total);
  return known((100 * (total - available)) / total, `${toGiB(total - available)} of ${toGiB(total)}`);
}

function toGiB(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** Remembers how busy the processors were at the last look. */
export interface ProcessorMeter {
  /** Share of time that they were busy since the last look, percent; nothing where too little time has passed. */
  look(): Reading;
}

/** A meter of the processors of this machine; its first look is now. */
export function openProcessorMeter(read: () => { busy: number; all: number } = readTimes): ProcessorMeter {
  let last = read();
  return {
    look() {
      const now = read();
      const [busy, all] = [now.busy - last.busy, now.all - last.all];
      if (all <= 0) return noData('no time has passed since the last look');
      last = now;
      // The kernel now and then takes idle time back: more than all is all.
      return known(
        Math.min(100, (100 * busy) / all),
        `${Math.round(busy)} ms of ${Math.round(all)} ms of all processors`,
      );
    },
  };
}

function readTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times: one }) => one);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}
