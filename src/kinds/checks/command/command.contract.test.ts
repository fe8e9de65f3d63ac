import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import { commandKind } from './kind.ts';

checkKindContract({
  kind: commandKind,
  success: () => ({ written: { argv: ['true'] } }),
  refusal: () => ({ written: { argv: ['tminus-has-no-such-program'] } }),
  slow: () => ({ written: { argv: ['sleep', '20'] } }),
  garbage: { none: 'output of any shape is allowed, and an exit status is always a number' },
  huge: { none: 'output beyond the limit is cut and marked, the exit status stays known; see F13' },
  misspelt: { written: { argv: ['true'], timout: '5s' }, wrong: 'timout', meant: 'timeout' },
});
