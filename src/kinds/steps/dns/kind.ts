import type { StepKind } from '../../../core/step/step-kind.ts';
import { changeRecords } from './change-records.ts';
import { probeRecords } from './probe-records.ts';
import { dnsStepReader } from './reader.ts';

/** The step kind `dns`. Signatures carry the time of the machine, whatever clock the run has (RFC 8945 section 10). */
export const dnsStepKind: StepKind = {
  ...dnsStepReader,
  run: (spec, context) => changeRecords(spec, context, Date.now),
  probe: (spec, context) => probeRecords(spec, context, Date.now),
};
