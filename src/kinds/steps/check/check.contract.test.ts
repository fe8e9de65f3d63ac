import { afterAll, beforeAll } from 'vitest';

import { stepKindContract } from '../../../../tests/contract/step-kind.ts';
import { startLedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import type { LedgerServer } from '../../../../tests/doubles/ledger-server.ts';
import { checkKinds } from '../../checks/kinds.ts';
import { createCheckStep } from './kind.ts';

let ledger: LedgerServer;
beforeAll(async () => {
  ledger = await startLedgerServer();
});
afterAll(() => ledger.stop());
const at = (path: string) => ({
  written: { check: { kind: 'http', url: `${ledger.url}${path}` } },
  given: { allow: [ledger.host] },
});

stepKindContract({
  kind: createCheckStep(checkKinds),
  success: () => ({ ...at('/orders'), target: `${ledger.url}/orders` }),
  trouble: () => at('/no'),
  slow: () => at('/slow'),
  misspelt: {
    written: { check: { kind: 'http', url: 'https://a.test', metod: 'GET' } },
    wrong: 'metod',
    meant: 'method',
  },
  forbidden: () => ({
    ...at('/orders'),
    given: { allow: [ledger.host], forbidden: [ledger.host] },
    touched: () => ledger.calls.length,
  }),
  secret: { none: 'a check is asked without secrets' },
  probe: { none: 'it changes nothing' },
});
