import { z } from 'zod';

import type { ServedLaunch } from '../../engine/launches/launch-desk.ts';
import type { Scene } from '../../engine/scene.ts';

export const place = z.object({ file: z.string(), line: z.int(), column: z.int() }).meta({ id: 'Place' });

const named = z.object({ id: z.string(), title: z.string(), at: place });
const quote = z.object({ text: z.string(), detected: z.boolean(), at: place });

/** A launch as its documents declare it: plan, not history. */
export const launchView = z
  .object({
    id: z.string(),
    title: z.string(),
    owner: z.string().nullable(),
    t0: z.string().nullable().describe('RFC 3339, as written'),
    environment: z.string().describe('the one that is looked at'),
    environments: z.array(
      z.object({ id: z.string(), url: z.string().nullable(), production: z.boolean(), simulated: z.boolean() }),
    ),
    planHash: z.string(),
    candidate: z.object({
      commit: z.string(),
      version: z.string().nullable(),
      url: z.string().nullable(),
      sha256: z.string(),
    }),
    people: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        automation: z.boolean(),
        key: z.string().nullable(),
        roles: z.array(z.string()),
      }),
    ),
    roles: z.array(z.object({ id: z.string(), people: z.array(z.string()) })),
    phases: z.array(z.object({ id: z.string(), title: z.string(), offsetMs: z.number().nullable(), at: place })),
    gates: z.array(
      named.extend({
        phase: z.string(),
        quorum: z.int(),
        roles: z.array(z.string()),
        requester: z.string().nullable(),
      }),
    ),
    procedures: z.array(
      named.extend({ kind: z.enum(['runbook', 'rollback', 'procedure']), steps: z.int(), humanSteps: z.int() }),
    ),
    scope: z.array(
      named.extend({
        class: z.string().nullable(),
        state: z.enum(['open', 'closed', 'deferred']),
        owner: z.string().nullable(),
        followUp: z.string().nullable(),
      }),
    ),
    risks: z.array(
      named.extend({
        likelihood: z.int().nullable(),
        impact: z.int().nullable(),
        mitigation: z.string().nullable(),
        mitigatedBy: z.string().nullable(),
        owner: z.string().nullable(),
      }),
    ),
    metrics: z.array(named.extend({ target: z.string().nullable(), alert: z.string().nullable() })),
    scenarios: z.array(
      named.extend({ given: z.string(), when: z.string(), outcome: z.string(), boundTo: z.array(z.string()) }),
    ),
    pointsOfNoReturn: z.array(quote),
    stops: z.array(quote),
    dependencies: z.array(z.object({ id: z.string(), state: z.enum(['open', 'done']) })),
    documents: z.array(z.object({ path: z.string(), sha256: z.string(), kind: z.string() })),
  })
  .meta({ id: 'Launch' });

/** What the API tells of a launch. */
export function toLaunchView(scene: Scene): z.input<typeof launchView> {
  const { launch, environment, planHash, candidate, candidateSha256 } = scene;
  const { people, roles, procedures } = launch;
  return {
    ...launch,
    environment: environment.id,
    planHash,
    candidate: { ...candidate, sha256: candidateSha256 },
    people: people.map((person) => ({
      ...person,
      roles: roles.filter((role) => role.people.includes(person.id)).map(({ id }) => id),
    })),
    procedures: procedures.map((procedure) => ({
      ...procedure,
      steps: procedure.steps.length,
      humanSteps: procedure.steps.filter(({ human }) => human).length,
    })),
    pointsOfNoReturn: launch.pointsOfNoReturn.map((one) => ({ ...one, detected: one.detect !== null })),
    stops: launch.stops.map((one) => ({ ...one, detected: one.detect !== null })),
  };
}

/** A launch in a list, also one that cannot be read. */
export const launchLine = z
  .object({
    id: z.string(),
    title: z.string().nullable(),
    t0: z.string().nullable(),
    environment: z.string().nullable(),
    environments: z.array(z.string()),
    gates: z.array(z.string()),
    trouble: z.string().nullable().describe('why its documents cannot be read; null where they can'),
  })
  .meta({ id: 'LaunchLine' });

/** The same of a launch in a list. */
export function toLaunchLine({ id, plan, trouble }: ServedLaunch): z.input<typeof launchLine> {
  const launch = plan?.launch;
  return {
    id,
    title: launch?.title ?? null,
    t0: launch?.t0 ?? null,
    environment: launch?.environment ?? null,
    environments: launch?.environments.map((one) => one.id) ?? [],
    gates: launch?.gates.map((gate) => gate.id) ?? [],
    trouble: trouble?.message ?? null,
  };
}
