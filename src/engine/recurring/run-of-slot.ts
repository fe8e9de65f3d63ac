import { createHash } from 'node:crypto';

import type { SlotKey } from '../../store/schedule.ts';
import { toRunId } from '../runs/order-run.ts';

/** Returns the id of the run that a slot becomes: the same for every try, by any worker, however much later. */
export function runOfSlot({ schedule, dueMs }: SlotKey): string {
  return toRunId('live', createHash('sha256').update(`${schedule}\n${dueMs}`).digest());
}
