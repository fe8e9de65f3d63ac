import type { CheckDeclaration } from '../../core/check/check.ts';
import { judge } from '../../core/check/judge.ts';
import { readSources } from '../../core/check/read-sources.ts';
import { resolveTemplates } from '../../core/check/resolve-templates.ts';
import { toTemplateValues } from '../../core/check/template-values.ts';
import { productionHosts } from '../../core/procedure/rehearsal-faults.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { isFinal } from '../../core/procedure/run.ts';
import type { Run } from '../../core/procedure/run.ts';
import { findForbidden } from '../../kinds/steps/observe-and-judge.ts';
import { loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import { readClock } from '../../store/store-clock.ts';
import type { Claim } from '../delivery.ts';
import type { Chore } from '../advance/work-queues.ts';
import { openDataFor } from '../data/deeds/deed-ground.ts';
import { observeCheck } from '../observe-check.ts';
import { toRunSetting } from '../run-setting.ts';
import { toRunScene } from './run-scene.ts';
import type { WorkerParts } from './worker-parts.ts';
import { unfitSeconds, wantedBy } from './workspaces.ts';
import { failpoint } from '../../store/failpoint.ts';

/** How often it is looked where the document does not say. */
const everyMs = 30_000;
/** In a rehearsal days pass within seconds. */
const rehearsalEveryMs = 2_000;

/** What was seen: it is so, it is not so, or nobody can tell. */
interface Sight {
  result: 'yes' | 'no' | 'unknown';
  detail: string;
}

/** Looks once at a stop condition or a point of no return, reports what was seen, and comes again as long as the run goes on. */
export async function lookAtWatch(
  parts: WorkerParts,
  claim: Claim,
  { run: id, kind, watch: name }: Extract<Chore, { do: 'watch' }>,
): Promise<void> {
  const stored = (await loadRuns(parts.store, [id])).get(id);
  if (!stored || isFinal(stored.run)) return;
  const { plan } = stored.run;
  const watch = (kind === 'stop' ? plan.stops : plan.pointsOfNoReturn).find((one) => one.id === name);
  if (!watch?.detect) return;
  const place = await parts.workspaces.find(wantedBy(stored));
  // A worker that cannot look leaves it to one that can: what it does not know is not news of the target.
  if ('unfit' in place) return void (await parts.delivery.release(claim, { afterSeconds: unfitSeconds }));
  failpoint('watch.before');
  // Whatever goes wrong while looking, a stop condition that nobody could look at is not clear.
  const seen = await see({ parts, claim, stored }, place.directory, watch.detect).catch((error: unknown) =>
    unknown(error instanceof Error ? error.message : String(error)),
  );
  const detail = parts.masking.maskText(seen.detail);
  if (isNews(stored.run, kind, name, seen)) {
    await parts.advancer.advance({
      run: id,
      input:
        kind === 'stop'
          ? { kind: 'stop_seen', stop: name, result: toStop[seen.result], detail }
          : { kind: 'return_seen', point: name, result: toReturn[seen.result], detail },
      confirm: claim,
    });
  }
  failpoint('watch.told');
  const pauseMs = stored.run.mode === 'rehearsal' ? rehearsalEveryMs : (watch.everyMs ?? everyMs);
  const { queue, key, data } = claim;
  await parts.delivery.settleAndSend(claim, [{ queue, key, data, afterSeconds: pauseMs / 1_000 }]);
}

const toStop = { yes: 'met', no: 'clear', unknown: 'unknown' } as const;
const toReturn = { yes: 'crossed', no: 'ahead', unknown: 'unknown' } as const;

/** A quiet look at a quiet run is not worth a transaction. */
function isNews({ holds, returnPoint }: Run, kind: 'stop' | 'return', name: string, { result }: Sight): boolean {
  if (result !== 'no') return true;
  return kind === 'stop' ? holds.some(({ watch }) => watch === name) : returnPoint.state !== 'ahead';
}

function unknown(detail: string): Sight {
  return { result: 'unknown', detail };
}

async function see(
  { parts, claim, stored }: { parts: WorkerParts; claim: Claim; stored: StoredRun },
  workspace: string,
  detect: CheckDeclaration,
): Promise<Sight> {
  const { run } = stored;
  const setting = toRunSetting(stored.setting);
  const kind = parts.checkKinds.find((one) => one.kind === detect.kind);
  if (!kind) return unknown(`there is no check of kind ${detect.kind}`);
  const launch = await parts.shelf.find(stored.launch, run.plan.planHash);
  const environment = launch.environments.find(({ id }) => id === run.plan.environment.id) ?? null;
  const values = toTemplateValues({ candidate: setting.candidate, environment, launch, planHash: run.plan.planHash });
  const asked = resolveTemplates(detect, values);
  if (!asked.ok) return unknown(asked.faults.map(({ expected, got }) => `expected ${expected}, got ${got}`).join('; '));
  const hosts = run.mode === 'rehearsal' ? productionHosts(launch) : [];
  const forbidden = findForbidden(asked.spec, hosts);
  if (forbidden !== null) return unknown(`${forbidden} is production, which must not be touched`);
  const now = await readClock(parts.store);
  const scene = toRunScene({ launch, run, setting, directory: workspace });
  const { signal } = claim;
  const openSecret = (name: string): Promise<SecretValue> =>
    parts.openSecret({ launch, name, run, step: detect.kind, setting, workspace, signal });
  const observation = await observeCheck(kind, asked.spec, {
    signal,
    workspace,
    allow: environment?.allow ?? [],
    now,
    ...(scene && { data: openDataFor(scene, { forbidden: hosts, openSecret, now }) }),
  });
  if (observation.trouble) return unknown(observation.trouble.message);
  const judgement = judge(asked.expectations, readSources(kind, asked.spec, observation.sources));
  const detail = judgement.findings.map(({ rule, got }) => `${rule}: got ${got}`).join('; ');
  return { result: ({ pass: 'yes', fail: 'no', unknown: 'unknown' } as const)[judgement.outcome], detail };
}
