import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import { backupAgeKind } from './kind.ts';

const backup = ['echo', '2026-12-01T08:00:00Z'];
const drill = ['printf', '2026-12-01T08:00:00Z'];
const now = (): number => Date.parse('2026-12-01T09:00:00Z');
const stores = (argv: string[]): { stores: { shop: { backup: string[]; drill: string[] } } } => ({
  stores: { shop: { backup: argv, drill } },
});

checkKindContract({
  kind: backupAgeKind,
  success: () => ({ written: stores(backup), now }),
  refusal: () => ({ written: stores(['tminus-has-no-such-program']), now }),
  slow: () => ({ written: stores(['sleep', '20']), now }),
  garbage: () => ({ written: stores(['printf', '\\001\\002 no instant']), now }),
  huge: () => ({ written: stores(['head', '-c', '100000000', '/dev/zero']), now }),
  misspelt: { written: { ...stores(backup), timout: '5s' }, wrong: 'timout', meant: 'timeout' },
});
