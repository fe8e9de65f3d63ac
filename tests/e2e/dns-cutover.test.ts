import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';

import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import type { EnvironmentId } from '../../examples/dns-cutover/prepare-dns-cutover.ts';
import { judge } from '../../src/core/check/judge.ts';
import { readSources } from '../../src/core/check/read-sources.ts';
import { planProcedure } from '../../src/core/procedure/plan-procedure.ts';
import type { Plan, PlannedStep } from '../../src/core/procedure/plan.ts';
import { planFaults } from '../../src/core/procedure/plan-fault.ts';
import { productionHosts, rehearsalFaults } from '../../src/core/procedure/rehearsal-faults.ts';
import { fillValues } from '../../src/core/step/fill-values.ts';
import type { StepContext, StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';
import { loadPlan } from '../../src/engine/load-plan.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { lintDocuments } from '../../src/spec/lint/lint-documents.ts';
import { stepContext } from '../contract/step-context.ts';
import { startDnsWorld } from './start-dns-world.ts';
import type { DnsWorld } from './start-dns-world.ts';

const started = await startDnsWorld();
const world = started as DnsWorld;
const reason = started.state === 'missing' ? ` - not run: ${started.reason}` : '';
const readers = { checks: checkReaders, steps: stepReaders };

afterAll(async () => {
  if (started.state === 'started') await started.stop();
});

/** One environment's way through the runbook, step by step through the kinds, without the engine. */
interface Desk {
  id: EnvironmentId;
  plan: Plan;
  context: StepContext;
}

async function openDesk(id: EnvironmentId): Promise<Desk> {
  const { launch, directory } = await loadPlan(world.cutover.directory, readers);
  const runbook = launch.procedures.find(({ kind }) => kind === 'runbook')?.id ?? 'none';
  const plan = planProcedure({ ...launch, environment: id }, runbook);
  if ('faults' in plan) throw new Error(plan.faults.map((fault) => fault.reason).join('; '));
  const environment = launch.environments.find((each) => each.id === id)!;
  const { context } = stepContext({
    workspace: directory,
    mode: id === 'staging' ? 'rehearsal' : 'live',
    allow: environment.allow,
    forbidden: id === 'staging' ? productionHosts(launch) : [],
    environment: { id, url: environment.url, production: environment.production },
    variables: { TMINUS_ENVIRONMENT_ID: id, TMINUS_ENVIRONMENT_URL: environment.url ?? '' },
    secrets: { 'dns/key': readFileSync(join(directory, '.keys', 'dns.key'), 'utf8') },
  });
  return { id, plan, context };
}

function stepOf({ plan }: Desk, id: string): PlannedStep {
  const step = [...plan.steps, ...plan.undoSteps].find((each) => each.id === id);
  if (!step) throw new Error(`step ${id}: expected one of the plan, got none`);
  return step;
}

function kindOf({ action }: PlannedStep): { kind: StepKind; spec: JsonObject } {
  const name = action?.kind ?? 'none';
  const kind = stepKinds.find((each) => (action?.spec ? each.kind === name : each.fenceLanguages.includes(name)));
  if (!kind || !action) throw new Error(`step kind ${name}: expected one, got none`);
  const read = kind.readFence({ language: name, attributes: action.attributes, text: action.text });
  return { kind, spec: action.spec ?? (read.ok ? read.spec : {}) };
}

async function take(desk: Desk, id: string): Promise<StepOutcome> {
  const { kind, spec } = kindOf(stepOf(desk, id));
  return kind.run(spec, { ...desk.context, signal: AbortSignal.timeout(120_000) });
}

/** What a name server says that the name leads to, and how long it may be believed. */
async function lookUp(id: EnvironmentId, server: string): Promise<{ to: string | undefined; ttl: number | undefined }> {
  const resolver = new Resolver({ timeout: 1000 });
  resolver.setServers([server]);
  const name = `members.${world.cutover.environments[id].zone}`;
  const [to] = await resolver.resolveCname(name);
  const [address] = await resolver.resolve4(name, { ttl: true });
  return { to, ttl: address?.ttl };
}

/** Secondaries fetch the zone a moment after the primary told them; the engine would try a step that looks too early again. */
async function waitForSecondaries(id: EnvironmentId, wanted: { to?: string; ttl?: number }): Promise<void> {
  await expect
    .poll(() => Promise.all(world.server.secondaries.map((server) => lookUp(id, server))), { timeout: 60_000 })
    .toMatchObject(world.server.secondaries.map(() => wanted));
}

/** What the conditions of the plan see now, as the engine judges them: `pass` where it is so. */
async function seenBy({ plan, context }: Desk, list: 'stops' | 'pointsOfNoReturn'): Promise<string[]> {
  const { workspace, allow, variables } = context;
  const looks = plan[list].map(async ({ detect }) => {
    const kind = checkKinds.find((each) => each.kind === detect?.kind);
    const filled = fillValues(detect?.spec ?? {}, variables);
    if (!kind || !detect || !filled.ok) throw new Error(`${list}: expected a check of a known kind`);
    const { sources, trouble } = await kind.observe(filled.spec, {
      signal: AbortSignal.timeout(60_000),
      workspace,
      allow,
      now: Date.now,
    });
    if (trouble) return trouble.message;
    return judge(detect.expectations, readSources(kind, filled.spec, sources)).outcome;
  });
  return Promise.all(looks);
}

/** Loses a member of the new site for a moment. */
async function breakNew(id: EnvironmentId, look: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(join(world.cutover.directory, 'data', id, 'new.db'), { timeout: 30_000 });
  const lost = database.prepare('select name, email from members where id = 17').get();
  database.exec('delete from members where id = 17');
  await look();
  database.prepare("insert into members values (17, ?, ?, 'old')").run(String(lost?.['name']), String(lost?.['email']));
  database.close();
}

/** What the example's own look from outside says at once, for what must not be seen. */
async function seeSite(id: EnvironmentId, site: string): Promise<string> {
  const { zone, oldUrl } = world.cutover.environments[id];
  const program = join(world.cutover.directory, 'services', 'see-site.ts');
  const url = `http://members.${zone}:${new URL(oldUrl).port}`;
  const env = { ...process.env, SEE_SITE_PATIENCE_MS: '0' };
  return (await promisify(execFile)(process.execPath, [program, site, url, world.server.address], { env })).stdout;
}

const machine = (desk: Desk, from: string, to: string): string[] => {
  const { steps } = desk.plan;
  const at = (id: string): number => steps.findIndex((step) => step.id === id);
  return steps.slice(at(from), at(to) + 1).flatMap((step) => (step.human ? [] : [step.id]));
};

describe.skipIf(started.state === 'missing')(`a name that moves to another site${reason}`, { timeout: 400_000 }, () => {
  it('D06 C14 C15 the launch reads without a finding, and its plan can be run and rehearsed', async () => {
    const { launch, documents } = await loadPlan(world.cutover.directory, readers);
    const linted = lintDocuments(documents, { readers, exists: () => false });
    expect(linted.documents.flatMap(({ findings }) => findings)).toEqual([]);
    const { plan } = await openDesk('staging');
    expect(planFaults(plan)).toEqual([]);
    expect(rehearsalFaults(plan, productionHosts(launch))).toEqual([]);
    expect(productionHosts(launch)).toHaveLength(2);
    const days = plan.steps.flatMap(({ timer }) => (timer.kind === 'offset' ? [timer.offsetMs / 86_400_000] : []));
    expect([days[0], days.at(-1)]).toEqual([-7, 180]);
  });

  it.each<EnvironmentId>(['staging', 'production'])(
    'C14 C16 C17 C19 goes over and back again in %s, every step by its kind',
    async (id) => {
      const desk = await openDesk(id);
      const { zone } = world.cutover.environments[id];
      const primary = world.server.address;
      expect(await lookUp(id, primary)).toEqual({ to: `old.${zone}`, ttl: 3600 });

      expect(await take(desk, 'lower-ttl')).toMatchObject({ outcome: 'done' });
      expect(await lookUp(id, primary)).toEqual({ to: `old.${zone}`, ttl: 60 });
      await waitForSecondaries(id, { ttl: 60 });

      for (const step of machine(desk, 'first-delta', 'compare-last')) {
        const end = await take(desk, step);
        expect(end, `${step}: ${end.detail}`).toMatchObject({ outcome: 'done' });
      }
      const { oldUrl, newUrl } = world.cutover.environments[id];
      expect((await fetch(`${oldUrl}/members/17`)).status).toBe(503);

      expect(await take(desk, 'flip')).toMatchObject({ outcome: 'done' });
      expect((await lookUp(id, primary)).to).toBe(`new.${zone}`);
      await waitForSecondaries(id, { to: `new.${zone}` });
      for (const step of machine(desk, 'verify-name', 'verify-member')) {
        const end = await take(desk, step);
        expect(end, `${step}: ${end.detail}`).toMatchObject({ outcome: 'done' });
      }

      expect(await seenBy(desk, 'pointsOfNoReturn')).toEqual(['fail']);
      expect(await seenBy(desk, 'stops')).toEqual(['fail', 'fail']);
      await breakNew(id, async () => expect(await seenBy(desk, 'stops')).toEqual(['pass', 'fail']));
      const joined = { name: 'Ada', email: 'ada@readers.example' };
      await fetch(`${newUrl}/members`, { method: 'POST', body: JSON.stringify(joined) });
      expect(await seenBy(desk, 'pointsOfNoReturn')).toEqual(['pass']);
      for (const step of ['shorten-again', 'flip-back'])
        expect(await take(desk, step)).toMatchObject({ outcome: 'done' });
      await waitForSecondaries(id, { to: `old.${zone}` });
      // The way back is not at its end: the old site is still closed.
      await expect(seeSite(id, 'old')).rejects.toThrow('expected the open old site, got the closed old one');
      expect(await take(desk, 'export-new')).toMatchObject({ outcome: 'done' });
      const written = join(world.cutover.directory, 'reports', id, 'registered-on-new.json');
      expect(JSON.parse(readFileSync(written, 'utf8'))).toMatchObject([joined]);
      for (const step of ['reopen-old', 'empty-new', 'raise-ttl']) {
        const end = await take(desk, step);
        expect(end, `${step}: ${end.detail}`).toMatchObject({ outcome: 'done' });
      }
      expect((await fetch(`${oldUrl}/members/17`)).status).toBe(200);
      expect(await lookUp(id, primary)).toEqual({ to: `old.${zone}`, ttl: 3600 });
    },
  );

  it('C07 a rehearsal changes nothing of production, and nothing flips that is not where the plan expects it', async () => {
    const staging = await openDesk('staging');
    const early = await take(staging, 'flip');
    expect(early).toMatchObject({ outcome: 'failed', facts: { applied: false } });
    expect(early.detail).toContain('(ttl 60), got old.staging.harbor.test (ttl 3600)');
    await take(staging, 'lower-ttl');
    await take(staging, 'maintenance');
    expect(existsSync(join(world.cutover.directory, 'data', 'production', 'maintenance'))).toBe(false);
    expect(await lookUp('production', world.server.address)).toMatchObject({ ttl: 3600 });
    for (const step of ['reopen-old', 'raise-ttl'])
      expect(await take(staging, step)).toMatchObject({ outcome: 'done' });
  });
});
