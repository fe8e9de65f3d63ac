import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';

import type { DecisionNode } from '../../api/client.generated.ts';
import { AttestDeed } from '../../decide/action-list.tsx';
import type { GateScene } from '../../decide/action-list.tsx';
import { WaiveDialog } from '../../decide/waive-dialog.tsx';
import { mayAttest } from '../../decide/what-i-may.ts';
import { Button } from '../../kit/button.tsx';
import { KeyValues } from '../../kit/key-values.tsx';
import { Row } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import styles from './gate.module.css';

/** One reason in full: expected and got, what unblocks it, who can, where it is declared, and what it was decided on. */
export function ReasonDetail({ scene, node }: { scene: GateScene; node: DecisionNode }) {
  const t = useTranslations('gate.tree');
  const s = useTranslations('shared');
  const { launch } = scene;
  const isMet = node.standing === 'met';
  const rows: { name: string; value: ReactNode }[] = [
    { name: t('expected'), value: node.expected },
    { name: t('got'), value: node.got },
    ...(isMet
      ? []
      : [
          { name: s('unblocks'), value: <Unblocks scene={scene} node={node} /> },
          { name: s('whoCan'), value: node.owner ?? s('nobody') },
        ]),
    ...(node.at === null ? [] : [{ name: t('document'), value: <DocumentLink launch={launch.id} at={node.at} /> }]),
    ...(node.evidence === null ? [] : evidenceRows(launch.id, node.evidence, t)),
  ];
  return (
    <div className={styles.detail}>
      <KeyValues items={rows} />
      {node.kind === 'criterion' && !isMet ? <Deeds scene={scene} criterion={node.id.split('/')[0] ?? ''} /> : null}
    </div>
  );
}

function Unblocks({ scene, node }: { scene: GateScene; node: DecisionNode }) {
  const t = useTranslations('gate.tree');
  const [id = ''] = node.id.replace(/^[a-z-]+:/u, '').split('/');
  const action = scene.page.shortestWay?.find(({ subject }) => subject === id);
  if (action) return <>{action.text}</>;
  const isWord = scene.page.criteria.some((one) => one.id === id && one.human);
  if (node.standing === 'met') return <>{t('nothing')}</>;
  return <>{isWord && node.standing === 'missing' ? t('unblock.word') : t(`unblock.${node.standing}`)}</>;
}

function DocumentLink({ launch, at }: { launch: string; at: NonNullable<DecisionNode['at']> }) {
  return (
    <Link to="/launches/$launch/documents/$" params={{ launch, _splat: at.file }} hash={`L${at.line}`}>
      {at.file}:{at.line}
    </Link>
  );
}

function evidenceRows(
  launch: string,
  { id, observedAt, sources, superseded }: NonNullable<DecisionNode['evidence']>,
  t: (key: 'evidence' | 'observed' | 'sources' | 'superseded') => string,
): { name: string; value: ReactNode }[] {
  const toLink = (each: string) => (
    <Link key={each} to="/launches/$launch/evidence/$id" params={{ launch, id: each }} className={styles.digest ?? ''}>
      <code>{each.slice(0, 16)}</code>
    </Link>
  );
  const seen = (
    <>
      {toLink(id)} {t('observed')} <Time at={observedAt} short />
    </>
  );
  const bytes = sources.map(({ name, sha256, size }) => (
    <span key={`${name} ${sha256}`} className={styles.source}>
      {name}, {size} B, <code title={sha256}>{sha256.slice(0, 16)}</code>
    </span>
  ));
  return [
    { name: t('evidence'), value: seen },
    ...(bytes.length === 0 ? [] : [{ name: t('sources'), value: bytes }]),
    ...(superseded.length === 0 ? [] : [{ name: t('superseded'), value: <Row>{superseded.map(toLink)}</Row> }]),
  ];
}

function Deeds({ scene, criterion: id }: { scene: GateScene; criterion: string }) {
  const t = useTranslations('decide.waive');
  const [isOpen, setIsOpen] = useState(false);
  const { page, launch, me, place } = scene;
  const criterion = page.criteria.find((one) => one.id === id);
  if (criterion === undefined || me === null) return null;
  const mayWaive = criterion.waivable && page.rights.includes('waiver.sign');
  return (
    <div className={styles.deeds}>
      <Row>
        {mayAttest(scene, id) ? <AttestDeed scene={scene} criterion={id} /> : null}
        {mayWaive ? <Button onPress={() => setIsOpen(true)}>{t('action')}</Button> : null}
      </Row>
      {isOpen ? (
        <WaiveDialog place={place} launch={launch} criterion={criterion} me={me} onClose={() => setIsOpen(false)} />
      ) : null}
    </div>
  );
}
