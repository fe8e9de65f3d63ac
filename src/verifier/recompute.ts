import type { DecideRequest, EvidenceRecord, LaunchReading, Recompute, Rejudgement } from '@tminus/verify';
import { canonicalize } from '@tminus/verify';

import { candidateSha256 } from '../core/candidate/candidate-sha256.ts';
import type { Candidate } from '../core/candidate/candidate.ts';
import { rejudge } from '../core/evidence/rejudge.ts';
import { decide } from '../core/gate/decide.ts';
import type { Launch } from '../core/launch/launch.ts';
import { checkReaders } from '../kinds/checks/readers.ts';
import { stepReaders } from '../kinds/steps/readers.ts';
import { readLaunch } from '../spec/launch/read-launch.ts';

const readers = new Map(checkReaders.map((reader) => [reader.kind, reader]));

/** The rules of this version of Tminus, for the verifier: how documents are read, bytes judged and gates decided. */
export const productRules: Recompute = { readLaunch: readDocuments, rejudge: rejudgeRecord, decide: decideAgain };

function readDocuments(documents: ReadonlyMap<string, Uint8Array>): LaunchReading {
  const read = readLaunch(
    [...documents].map(([path, bytes]) => ({ path, bytes })),
    { checks: checkReaders, steps: stepReaders },
  );
  if (read.ok) return { ok: true, launchJson: canonicalize(read.launch), planHash: read.planHash };
  const problems = read.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
  return { ok: false, problems };
}

function rejudgeRecord(record: EvidenceRecord, blob: (sha256: string) => Uint8Array | null): Rejudgement | null {
  const reader = readers.get(record.check.kind);
  return reader === undefined ? null : rejudge(reader, record, blob);
}

/** The launch was compared with its documents before; its shape is that of this version, or the decision differs. */
function decideAgain(request: DecideRequest): string {
  const candidate = JSON.parse(request.candidateJson) as Candidate;
  const { planHash, gate, phase, entries, now } = request;
  const launch = JSON.parse(request.launchJson) as Launch;
  return canonicalize(
    decide({ launch, planHash, candidate, candidateSha256: candidateSha256(candidate), gate, phase, entries, now }),
  );
}
