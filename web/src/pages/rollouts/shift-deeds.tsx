import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { abortShift, holdShift, noteShift, promoteShift, readShift, resumeShift } from '../../api/client.generated.ts';
import { isProblem } from '../../api/api-error.ts';
import type { Rollouts as RolloutList, Shift } from '../../api/client.generated.ts';
import { inEnvironment } from '../../decide/use-gate.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { Row } from '../../kit/page.tsx';
import { isOver } from './looks.ts';
import { meansTheSame } from './means-the-same.ts';
import type { Deed } from './means-the-same.ts';
import { shiftKey } from './use-shifts.ts';
import type { ShiftPlace } from './use-shifts.ts';

type Right = RolloutList['rights'][number];

const deeds = {
  promote: { call: promoteShift, right: 'rollout.promote' },
  hold: { call: holdShift, right: 'run.hold' },
  resume: { call: resumeShift, right: 'run.resume' },
  note: { call: noteShift, right: 'step.attest' },
  abort: { call: abortShift, right: 'run.hold' },
} as const satisfies Record<Deed, { call: unknown; right: Right }>;

/** Which deeds a standing leaves; the server decides, this only keeps from the page what it would refuse. */
function openDeeds(shift: Shift): readonly Deed[] {
  if (isOver(shift) || shift.stands === 'going-back') return [];
  return shift.stands === 'held' ? ['resume', 'promote', 'note', 'abort'] : ['promote', 'hold', 'note', 'abort'];
}

/** What people can do to a shift under way. Each deed asks why, and names the version that was seen when it was chosen, not what came while the reason was written. */
export function ShiftDeeds({ at, shift, rights }: { at: ShiftPlace; shift: Shift; rights: readonly Right[] }) {
  const t = useTranslations('rollouts.deeds');
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ deed: Deed; seen: Shift } | null>(null);
  const open = openDeeds(shift).filter((deed) => rights.includes(deeds[deed].right));
  const close = (): void => {
    setAsked(null);
    void client.invalidateQueries({ queryKey: ['launches', at.place.launch] });
  };
  const call = async (deed: Deed, seen: Shift, reason: string): Promise<void> => {
    const place = { launch: at.place.launch, shift: at.shift, ...inEnvironment(at.place) };
    let { version } = seen;
    for (let tries = 1; ; tries += 1) {
      try {
        const moved = await deeds[deed].call({ ...place, body: { reason, expectedVersion: version } });
        // The next deed is chosen on what this one left, not on what the page had asked for before.
        await client.cancelQueries({ queryKey: shiftKey(at) });
        client.setQueryData(shiftKey(at), moved);
        return;
      } catch (error) {
        if (tries === 3 || !isProblem(error, 'version_conflict')) throw error;
        // A look may have moved it between two glances.
        const now = await readShift(place);
        if (!meansTheSame(deed, seen, now)) throw error;
        version = now.version;
      }
    }
  };
  return (
    <Row>
      {open.map((deed) => (
        <Button key={deed} look={deed === 'abort' ? 'danger' : 'plain'} onPress={() => setAsked({ deed, seen: shift })}>
          {t(deed)}
        </Button>
      ))}
      {asked === null ? null : (
        <ConfirmDialog
          title={t(asked.deed)}
          verb={t(asked.deed)}
          isDangerous={asked.deed === 'abort'}
          reasonLabel={t(asked.deed === 'note' ? 'what' : 'why')}
          isOpen
          onClose={close}
          onConfirm={(reason) => call(asked.deed, asked.seen, reason)}
        >
          {t(`${asked.deed}Text`)}
        </ConfirmDialog>
      )}
    </Row>
  );
}
