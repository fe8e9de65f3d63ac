import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import type { Run } from '../../../api/client.generated.ts';
import { Button } from '../../../kit/button.tsx';
import { Menu } from '../../../kit/menu.tsx';
import type { MenuAction } from '../../../kit/menu.tsx';
import { useCommands } from '../../../shell/commands.ts';
import { hasEnded } from '../run-look.ts';
import { missingFor } from '../what-i-can.ts';
import type { DeedKind } from '../what-i-can.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import styles from './deeds.module.css';
import { HoldDialog } from './hold-dialog.tsx';
import { RecycleDialog } from './recycle-dialog.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import { RetargetDialog } from './retarget-dialog.tsx';
import { StartDialog } from './start-dialog.tsx';
import { toResumable } from './to-resumable.ts';
import { UndoDialog } from './undo-dialog.tsx';
import { useMissingText } from './use-missing-text.ts';

const dialogs = {
  hold: HoldDialog,
  release: ResumeDialog,
  start: StartDialog,
  retarget: RetargetDialog,
  recycle: RecycleDialog,
  cancel: CancelDialog,
  undo: UndoDialog,
} as const;

type RunDeed = keyof typeof dialogs;

const icons = {
  hold: 'held',
  release: 'go',
  start: 'go',
  retarget: 'clock',
  recycle: 'refresh',
  cancel: 'close',
  undo: 'undo',
} as const;

/** What can be done to the run now: what is needed at once as buttons, the rest in a menu where what cannot be done says why. */
export function RunDeeds({ run, me }: { run: Run; me: string | null }) {
  const t = useTranslations('runbook.deed');
  const [open, setOpen] = useState<RunDeed | null>(null);
  const deeds = useDeeds(run, me);
  useCommands(
    useMemo(
      () =>
        deeds
          .filter(({ blocked }) => blocked === undefined)
          .map(({ deed }) => ({ id: `run ${deed}`, name: t(`${deed}.verb`), run: () => setOpen(deed) })),
      [deeds, t],
    ),
  );
  if (hasEnded(run)) return null;
  const first = deeds.filter(({ deed, blocked }) => blocked === undefined && primary.includes(deed));
  const Open = open === null ? null : dialogs[open];
  const actions: MenuAction[] = deeds
    .filter((one) => !first.includes(one))
    .map(({ deed, blocked }) => ({
      id: deed,
      name: t(`${deed}.verb`),
      icon: icons[deed],
      isDangerous: deed === 'cancel' || deed === 'undo',
      ...(blocked === undefined ? {} : { blocked }),
      onAction: () => setOpen(deed),
    }));
  return (
    <div className={styles.actions}>
      {first.map(({ deed }) => (
        <Button
          key={deed}
          look={deed === 'hold' ? 'plain' : 'primary'}
          icon={icons[deed]}
          onPress={() => setOpen(deed)}
        >
          {t(`${deed}.verb`)}
        </Button>
      ))}
      <Menu label={t('more')} actions={actions}>
        <Button icon="more">{t('more')}</Button>
      </Menu>
      {Open === null ? null : <Open run={run} onClose={() => setOpen(null)} />}
    </div>
  );
}

const primary: readonly RunDeed[] = ['start', 'release', 'hold'];

interface Offered {
  deed: RunDeed;
  blocked?: string;
}

/** Every deed that has a meaning now, with what keeps this person from it. */
function useDeeds(run: Run, me: string | null): Offered[] {
  const t = useTranslations('runbook.deed');
  const missingText = useMissingText();
  return useMemo(() => {
    const offered = (deed: RunDeed, notNow: string | null = null): Offered => {
      const blocked = notNow ?? missingText(missingFor(run, me, deed satisfies DeedKind));
      return blocked === null ? { deed } : { deed, blocked };
    };
    if (hasEnded(run)) return [];
    const isStopping = run.state === 'stopping' || run.state === 'undoing';
    const hasBegun = run.startedAtMs !== null;
    const notStopping = isStopping ? t('isStopping') : null;
    const notBegun = hasBegun ? null : t('notBegun');
    return [
      ...(run.state === 'approved' ? [offered('start')] : []),
      ...(toResumable(run).length > 0 ? [offered('release')] : []),
      offered('hold'),
      offered('retarget', notStopping ?? (run.count === null ? t('noCount') : null)),
      offered('recycle', notStopping ?? notBegun ?? (run.recyclePoints.length === 0 ? t('noPoints') : null)),
      offered('cancel', run.undoing ? t('isStopping') : null),
      offered('undo', notStopping ?? notBegun),
    ];
  }, [run, me, t, missingText]);
}
