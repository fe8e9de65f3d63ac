import { canonicalize } from './canonicalize.ts';
import type { JsonObject } from './json.ts';
import type { DecideRequest, LaunchReading, Recompute, Rejudgement } from './recompute.ts';
import type { Judgement } from './record.ts';
import { digestOf, sha256Hex } from './sha256.ts';

/** A launch language of three words, small enough that a test can see what it declares. */
export function readSampleLaunch(documents: ReadonlyMap<string, Uint8Array>): LaunchReading {
  const text = Buffer.from(documents.get('launch.md') ?? []).toString();
  const all = (word: string): string[] =>
    text.split('\n').flatMap((line) => (line.startsWith(`${word}: `) ? [line.slice(word.length + 2)] : []));
  const [id] = all('id');
  if (id === undefined) return { ok: false, problems: ['launch.md: expected an id, got none'] };
  const people = all('person').map((line) => ({ id: line.split(' ')[0] ?? '', key: line.split(' ')[1] ?? null }));
  const declared = { id, people, criteria: all('criterion') };
  const digests = [...documents].map(([path, bytes]) => ({ path, sha256: sha256Hex(bytes) }));
  return { ok: true, launchJson: canonicalize({ ...declared, documents: digests }), planHash: digestOf(declared) };
}

/** Facts and verdicts from the bytes of the sample check: JSON with a boolean `ok`. */
export function judgeSample(bytes: Uint8Array): Rejudgement {
  const facts = JSON.parse(Buffer.from(bytes).toString()) as JsonObject;
  const control = judgeOk(false);
  return { facts, trouble: null, judgement: judgeOk(facts['ok'] === true), control };
}

function judgeOk(ok: boolean): Judgement {
  const outcome = ok ? 'pass' : 'fail';
  return { outcome, findings: [{ rule: 'ok == true', outcome, expected: 'true', got: String(ok) }] };
}

/** GO where the newest bound evidence of every criterion passes. */
export function decideSample(request: DecideRequest): string {
  const launch = JSON.parse(request.launchJson) as { id: string; criteria: string[] };
  const candidate = JSON.parse(request.candidateJson) as { environment: string };
  const candidateSha256 = digestOf(candidate);
  const children = launch.criteria.map((id) => {
    const found = request.entries.findLast(
      ({ entry }) =>
        entry.format === 'tminus/evidence/1' && entry.criterion === id && entry.candidateSha256 === candidateSha256,
    )?.entry;
    const outcome = found?.format === 'tminus/evidence/1' ? found.judgement.outcome : 'unknown';
    return { id, outcome };
  });
  return canonicalize({
    format: 'tminus/decision/1',
    launch: launch.id,
    gate: request.gate,
    phase: request.phase,
    planHash: request.planHash,
    candidateSha256,
    environment: candidate.environment,
    decidedAt: request.now,
    outcome: children.every((child) => child.outcome === 'pass') ? 'go' : 'no-go',
    evidenceRoot: digestOf(children),
    subjectSha256: digestOf(children),
    tree: { children },
  });
}

/** The rules of the sample launch, handed to the verifier as those of the product are. */
export const sampleRules: Recompute = {
  readLaunch: readSampleLaunch,
  rejudge: (record, blob) => judgeSample(blob(record.sources[0]?.sha256 ?? '') ?? Buffer.from('{}')),
  decide: decideSample,
};
