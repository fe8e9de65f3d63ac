import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openDesk } from '../rehearsal/open-desk.ts';
import type { Desk } from '../rehearsal/open-desk.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import { startClaimService } from './claim-service.ts';
import type { ClaimFaults, ClaimService } from './claim-service.ts';

const server = await startPostgres();
const missing = server.state === 'missing' ? server.reason : null;
const testPassword = 'what-ann-had-in-the-old-system';
const text = readFileSync(join(import.meta.dirname, 'launch.md'), 'utf8');

/** The document as it stands in the folder, with the places of this test in it. */
function launchAt(service: ClaimService, port: number): { head: string; body: string } {
  const placed = text
    .replaceAll('http://claims.staging.example', service.url)
    .replaceAll('db.staging.example:5432', `127.0.0.1:${port}`);
  const at = placed.indexOf('\n---\n', 4) + 5;
  return { head: placed.slice(0, at), body: placed.slice(at) };
}

describe.skipIf(missing !== null)(`claiming an account, rehearsed ${missing ?? ''}`, { timeout: 180_000 }, () => {
  let service: ClaimService;
  let desk: Desk;

  beforeAll(async () => {
    if (server.state === 'missing') return;
    const { host, port, user, password, database } = server;
    service = await startClaimService(`postgres://${user}:${password}@${host}:${port}/${database}`, testPassword);
    const { head, body } = launchAt(service, port);
    desk = await openDesk(body, { head, variables: { CLAIM_PASSWORD: testPassword, CLAIM_DB: password } });
  });
  beforeEach(() => {
    for (const name of Object.keys(service.faults)) delete service.faults[name as keyof ClaimFaults];
  });
  afterAll(async () => {
    if (server.state === 'missing') return;
    await desk.close();
    await service.stop();
    await server.stop();
  });

  it('C12 each of the three ways is gone in every pass of the rehearsal, and the gate wants just that', async () => {
    expect((await desk.check('rehearsed')).judgement.outcome).toBe('unknown');
    const { report, file } = await desk.rehearse();
    expect(report.passes.flatMap(({ id, findings }) => findings.map((finding) => `${id}: ${finding}`))).toEqual([]);
    expect(report.passed).toBe(true);
    desk.write('reports/rehearsals/full.json', file);
    expect((await desk.check('rehearsed')).judgement.outcome).toBe('pass');
    expect((await desk.decide('claimable', 'production')).outcome).toBe('go');
  });

  it.each<[string, ClaimFaults, string]>([
    ['hands an account with a dead address over without a review', { skipsReview: true }, 'by-dead-address'],
    ['takes any password', { takesAnyPassword: true }, 'wrong-password'],
    ['writes down another way than was gone', { writesWrongWay: true }, 'each-way'],
    ['minds the case of an address', { mindsCase: true }, 'by-email'],
  ])('C12 (negative control) a service that %s does not pass, and the step is named', async (_, faults, step) => {
    Object.assign(service.faults, faults);
    const { report } = await desk.rehearse('quick');
    expect(report.passed).toBe(false);
    expect(report.passes[0]?.findings.join(' ')).toContain(`${step} failed`);
  });
});
