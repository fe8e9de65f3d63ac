import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import { beginChecks } from '../api/client.generated.ts';
import type { GatePage, Launch } from '../api/client.generated.ts';
import { Badge } from '../kit/status.tsx';
import { Button } from '../kit/button.tsx';
import { EmptyState } from '../kit/empty-state.tsx';
import { LinkButton } from '../kit/link-button.tsx';
import { showToast } from '../kit/toast.tsx';
import { AttestDialog } from './attest-dialog.tsx';
import styles from './decide.module.css';
import { findNode } from './find-node.ts';
import { inEnvironment } from './use-gate.ts';
import type { GatePlace } from './use-gate.ts';
import { mayAttest, votingRoles } from './what-i-may.ts';

type Action = NonNullable<GatePage['shortestWay']>[number];

/** What the parts of a gate are drawn from. */
export interface GateScene {
  place: GatePlace;
  page: GatePage;
  launch: Launch;
  /** Person that looks; null where the account stands for nobody. */
  me: string | null;
}

/** The shortest way to GO: numbered, each with who can do it, and a button where that is whoever looks. */
export function ActionList({ scene, onVote }: { scene: GateScene; onVote: ReactNode }) {
  const t = useTranslations('decide');
  const { shortestWay, outcome } = scene.page;
  if (shortestWay === null) return <EmptyState title={t('noWay')}>{t('noWayHint')}</EmptyState>;
  if (shortestWay.length === 0) return outcome === 'no-go' ? null : <EmptyState title={t('nothingLeft')} />;
  return (
    <ol className={styles.actions} aria-label={t('way')}>
      {shortestWay
        .toSorted((a, b) => turnOf(a) - turnOf(b))
        .map((action) => (
          <li key={action.id} className={styles.action}>
            <span className={styles.text}>
              {action.text}
              {action.owner === null ? null : <span className={styles.owner}> {action.owner}</span>}
            </span>
            <span className={styles.deed}>
              <Deed action={action} scene={scene} onVote={onVote} />
            </span>
          </li>
        ))}
    </ol>
  );
}

const turns = ['attest', 'approve'];

/** What changes what is shown comes before what is said about it: a vote before the checks would be void. */
function turnOf({ verb }: Action): number {
  return turns.indexOf(verb);
}

function Deed({ action, scene, onVote }: { action: Action; scene: GateScene; onVote: ReactNode }) {
  const { page, launch, me, place } = scene;
  switch (action.verb) {
    case 'run-check':
    case 'fix':
      return page.rights.includes('check.run') ? <CheckDeed action={action} place={place} /> : <NotYours />;
    case 'attest':
      return mayAttest({ page, launch, me }, action.subject) ? (
        <AttestDeed scene={scene} criterion={action.subject} />
      ) : (
        <NotYours />
      );
    case 'approve':
      return isFor(action, me) && votingRoles({ page, launch, me }).length > 0 ? onVote : <NotYours />;
    default:
      return <DocumentDeed action={action} scene={scene} />;
  }
}

/** Whether somebody is among those who can do it, as the decision names them. */
function isFor({ owner }: Action, me: string | null): boolean {
  return me !== null && (owner?.split(', ').includes(me) ?? false);
}

/** Who can is named beside the text already. */
function NotYours(): ReactNode {
  return null;
}

function CheckDeed({ action, place }: { action: Action; place: GatePlace }) {
  const t = useTranslations('decide');
  const [isPending, setIsPending] = useState(false);
  const run = async (): Promise<void> => {
    setIsPending(true);
    try {
      const body = { only: [action.subject], force: true };
      await beginChecks({ launch: place.launch, ...inEnvironment(place), body });
      showToast('pass', t('checks.begun'));
    } catch (error) {
      showToast('fail', error instanceof Error ? error.message : String(error));
    } finally {
      setIsPending(false);
    }
  };
  return (
    <Button isPending={isPending} onPress={() => void run()}>
      {action.verb === 'fix' ? t('checkAgain') : t('verb.run-check')}
    </Button>
  );
}

/** Opens the dialog for a person's word. */
export function AttestDeed({ scene, criterion: id }: { scene: GateScene; criterion: string }) {
  const t = useTranslations('decide');
  const [isOpen, setIsOpen] = useState(false);
  const criterion = scene.page.criteria.find((one) => one.id === id);
  if (criterion === undefined) return null;
  return (
    <>
      <Button onPress={() => setIsOpen(true)}>{t('verb.attest')}</Button>
      {isOpen ? <AttestDialog scene={scene} criterion={criterion} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function DocumentDeed({ action, scene: { page, launch } }: { action: Action; scene: GateScene }) {
  const t = useTranslations('decide');
  const at = findNode(page.tree, action.subject)?.at;
  if (!at) return <Badge>{t('notYours', { who: action.owner ?? launch.owner ?? '' })}</Badge>;
  const params = { launch: launch.id, _splat: at.file };
  return (
    <LinkButton to="/launches/$launch/documents/$" params={params} hash={`L${at.line}`}>
      {t('toDocument')}
    </LinkButton>
  );
}
