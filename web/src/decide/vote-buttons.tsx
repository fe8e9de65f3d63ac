import { useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { Button } from '../kit/button.tsx';
import type { GateScene } from './action-list.tsx';
import { VoteDialog } from './vote-dialog.tsx';
import type { VoteWish } from './vote-dialog.tsx';
import { votingRoles } from './what-i-may.ts';

/** Go and no-go, quieter once the person has voted. Off while what is shown is not what the person has read. */
export function VoteButtons({ scene, seen, isOff }: { scene: GateScene; seen: string; isOff: boolean }) {
  const t = useTranslations('decide');
  const [wish, setWish] = useState<VoteWish | null>(null);
  const roles = votingRoles(scene);
  if (roles.length === 0) return null;
  const hasVoted = scene.page.roll.seats.some(({ vote }) => vote?.person === scene.me);
  return (
    <>
      <Button
        look={hasVoted ? 'plain' : 'primary'}
        icon="go"
        isDisabled={isOff}
        onPress={() => setWish({ vote: 'go', seen, roles })}
      >
        {t('voteGo')}
      </Button>
      <Button isDisabled={isOff} onPress={() => setWish({ vote: 'no-go', seen, roles })}>
        {t('voteNoGo')}
      </Button>
      {wish === null ? null : <VoteDialog scene={scene} wish={wish} onClose={() => setWish(null)} />}
    </>
  );
}
