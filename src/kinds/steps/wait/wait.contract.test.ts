import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { stepContext } from '../../../../tests/contract/step-context.ts';
import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { startLedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import type { LedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import { checkKinds } from '../../checks/kinds.ts';
import { createWaitStep } from './kind.ts';

let ledger: LedgerServer;
beforeAll(async () => {
  ledger = await startLedgerServer();
});
afterAll(() => ledger.stop());
const waitKind = createWaitStep(checkKinds);
const given = () => ({ allow: [ledger.host] });
const until = (path: string, expectations: string[] = []) => ({
  kind: 'http',
  url: `${ledger.url}${path}`,
  ...(expectations.length === 0 ? {} : { expect: expectations }),
});

stepKindContract({
  kind: waitKind,
  success: () => ({
    written: { until: until('/orders'), times: 2, every: '100ms' },
    given: given(),
    target: ledger.url,
  }),
  trouble: () => ({ written: { until: until('/no'), every: '100ms', within: '400ms' }, given: given() }),
  slow: () => ({ written: { until: until('/no'), every: '100ms', within: '1m' }, given: given() }),
  misspelt: { written: { for: '2h', witin: '5m' }, wrong: 'witin', meant: 'within' },
  forbidden: () => ({
    written: { until: until('/orders'), every: '100ms', within: '400ms' },
    given: { ...given(), forbidden: [ledger.host] },
    touched: () => ledger.calls.length,
  }),
  secret: { none: 'a check is asked without secrets' },
  probe: { none: 'it changes nothing' },
});

describe('a wait', () => {
  const read = (written: object) => waitKind.readSpec(written as never);

  it.each([{ for: '2h' }, { until: '2026-12-05T14:00:00Z' }, { until: 'T+1h' }])(
    '%j is read and left to core',
    async (written) => {
      expect(read(written)).toEqual({ ok: true, spec: written });
      expect(await waitKind.run(written as never, stepContext().context)).toMatchObject({ outcome: 'failed' });
    },
  );

  it.each([
    {},
    { for: '0h' },
    { for: '2h', until: 'T+1h' },
    { until: 'tomorrow' },
    { for: 'soon' },
    { until: { kind: 'htp' } },
    { for: '2h', every: '5s' },
  ])('%j is refused', (written) => {
    expect(read(written).ok).toBe(false);
  });

  it('C22 wants its passes in a row: one that fails begins the row anew', async () => {
    ledger.clear();
    const spec = read({ until: until('/orders', ['json.count == 0']), times: 10, every: '100ms', within: '5s' });
    if (!spec.ok) throw new Error(JSON.stringify(spec.faults));
    const before = ledger.calls.length;
    const running = waitKind.run(spec.spec, stepContext(given()).context);
    // In the middle of the row.
    await expect.poll(() => ledger.calls.length - before, { interval: 5 }).toBeGreaterThanOrEqual(2);
    await fetch(`${ledger.url}/orders`, { method: 'POST', headers: { 'idempotency-key': 'x' } });
    const end = await running;
    expect(end).toMatchObject({ outcome: 'failed', facts: { row: 0 } });
    expect(end.facts['looks']).toBeGreaterThan(10);
    ledger.clear();
  });

  it('R9 does not take an expectation that cannot fail for a pass', async () => {
    const spec = read({ until: until('/orders', ['status exists']), every: '100ms', within: '300ms' });
    if (!spec.ok) throw new Error(JSON.stringify(spec.faults));
    const end = await waitKind.run(spec.spec, stepContext(given()).context);
    expect(end).toMatchObject({ outcome: 'failed' });
    expect(end.detail).toContain('cannot fail');
  });
});
