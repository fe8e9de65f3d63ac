import { afterAll, beforeAll } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import { startTarget } from '../../../../tests/doubles/target-server.ts';
import type { Target } from '../../../../tests/doubles/target-server.ts';
import { httpKind } from './kind.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.stop());

const at = (path: string) => ({ written: { url: `${target.url}${path}` }, allow: [target.host] });

checkKindContract({
  kind: httpKind,
  success: () => at('/ok'),
  refusal: () => at('/503'),
  slow: () => at('/slow'),
  garbage: () => at('/garbage'),
  huge: () => at('/huge'),
  misspelt: { written: { url: 'https://a.test', metod: 'GET' }, wrong: 'metod', meant: 'method' },
});
