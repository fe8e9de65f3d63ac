import '@xyflow/react/dist/base.css';

import { Background, Controls, MarkerType, ReactFlow } from '@xyflow/react';
import type { Edge, Node } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl/react';

import { Checkbox } from '../../../kit/checkbox.tsx';
import { EmptyState } from '../../../kit/empty-state.tsx';
import { Select } from '../../../kit/select.tsx';
import type { Board, BoardStep } from '../board.ts';
import styles from './graph.module.css';
import { boxSize, layOut } from './lay-out.ts';
import type { Placed } from './lay-out.ts';
import { StepBox } from './step-box.tsx';

const nodeTypes = { step: StepBox };

/** More than this is no picture any more: one phase at a time is drawn. */
const mostSteps = 150;

/** What needs what: each step with its state, the critical path marked, and on demand what takes what back. */
export function Graph({
  board,
  selected,
  onOpen,
}: {
  board: Board;
  selected: string | null;
  onOpen: (step: string) => void;
}) {
  const t = useTranslations('runbook.graph');
  const [hasUndo, setHasUndo] = useState(false);
  const isLarge = board.steps.length > mostSteps;
  const [phase, setPhase] = useState<string | null>(null);
  const chosen = phase ?? (isLarge ? busiestPhase(board) : null);
  const steps = useMemo(() => pick(board.steps, chosen, hasUndo), [board.steps, chosen, hasUndo]);
  // The places hang on what needs what, and not on what happens: a picture that moves with every event cannot be read.
  const shape = steps.map(({ id, needs }) => `${id}<${needs.join()}`).join(';');
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const places = useMemo(() => new Map(layOut(steps).map((one) => [one.step.id, one])), [shape]);
  const nodes = steps.flatMap((step) => toNode(step, places.get(step.id), { selected, onOpen }));
  const edges = useMemo(() => toEdges(steps, hasUndo), [steps, hasUndo]);
  return (
    <>
      <Tools board={board} isLarge={isLarge} phase={chosen} onPhase={setPhase} hasUndo={hasUndo} onUndo={setHasUndo} />
      <div className={styles.graph} role="region" aria-label={t('label')}>
        {steps.length === 0 ? (
          <EmptyState title={t('none')} />
        ) : (
          <ReactFlow
            key={`${chosen ?? ''} ${hasUndo}`}
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            fitView
            fitViewOptions={{ maxZoom: 1, minZoom: leastZoom, padding: 0.06, nodes: toLookedAt(steps) }}
            minZoom={0.1}
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            edgesFocusable={false}
            zoomOnDoubleClick={false}
            onlyRenderVisibleElements={isLarge}
            proOptions={{ hideAttribution: true }}
          >
            <Background gap={24} className={styles.background ?? ''} />
            <Controls showInteractive={false} className={styles.controls ?? ''} />
          </ReactFlow>
        )}
      </div>
    </>
  );
}

function Tools({
  board,
  isLarge,
  phase,
  onPhase,
  hasUndo,
  onUndo,
}: {
  board: Board;
  isLarge: boolean;
  phase: string | null;
  onPhase: (phase: string | null) => void;
  hasUndo: boolean;
  onUndo: (hasUndo: boolean) => void;
}) {
  const t = useTranslations('runbook.graph');
  const phases = [
    ...(isLarge ? [] : [{ id: every, name: t('everyPhase') }]),
    ...board.phases.map(({ id, title }) => ({ id, name: title })),
  ];
  return (
    <div className={styles.tools}>
      <Select
        label={t('phase')}
        isLabelHidden
        options={phases}
        value={phase ?? every}
        onChange={(id) => onPhase(id === every ? null : id)}
      />
      <Checkbox isSelected={hasUndo} onChange={onUndo}>
        {t('undo')}
      </Checkbox>
      <span className={styles.key}>
        <span className={styles.criticalKey} /> {t('critical')}
      </span>
    </div>
  );
}

/** Stands for no filter; no id of a document has a space. */
const every = 'every one';

/** Smaller than this nothing can be read. */
const leastZoom = 0.55;

/** More than this does not fit at a size that can be read: then one looks at what goes on, and at what comes first where nothing does. */
const mostAtOnce = 12;

function toLookedAt(steps: readonly BoardStep[]): { id: string }[] {
  if (steps.length <= mostAtOnce) return steps.map(({ id }) => ({ id }));
  const active = steps.filter(isActive);
  return (active.length > 0 ? active : steps).slice(0, mostAtOnce / 2).map(({ id }) => ({ id }));
}

function isActive({ state }: BoardStep): boolean {
  return ['running', 'verifying', 'waiting_human', 'waiting', 'ready', 'failed', 'timed_out', 'unknown'].includes(
    state,
  );
}

/** The phase in which something is going on, else the first with something left to do. */
function busiestPhase({ steps, phases }: Board): string | null {
  const active = steps.find(isActive);
  const open = steps.find(({ state }) => state === 'pending');
  return active?.phase ?? open?.phase ?? phases[0]?.id ?? null;
}

function pick(steps: readonly BoardStep[], phase: string | null, hasUndo: boolean): BoardStep[] {
  const forward = steps.filter((step) => step.part === 'forward' && (phase === null || step.phase === phase));
  if (!hasUndo) return forward;
  const undos = new Set(forward.map(({ undo }) => undo));
  return [...forward, ...steps.filter(({ id, part }) => part === 'undo' && undos.has(id))];
}

function toNode(
  step: BoardStep,
  place: Placed | undefined,
  { selected, onOpen }: { selected: string | null; onOpen: (step: string) => void },
): Node[] {
  if (place === undefined) return [];
  const data = { step, isDown: place.isDown, isSelected: step.id === selected, onOpen };
  return [{ id: step.id, type: 'step', position: { x: place.x, y: place.y }, data, ...boxSize }];
}

function toEdges(steps: readonly BoardStep[], hasUndo: boolean): Edge[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const marker = { type: MarkerType.ArrowClosed, width: 14, height: 14 } as const;
  return steps.flatMap((step) => {
    const needs = step.needs
      .filter((need) => byId.has(need))
      .map((need): Edge => {
        const isCritical = step.isCritical && byId.get(need)?.isCritical === true;
        const className = (isCritical ? styles.criticalEdge : styles.edge) ?? '';
        return { id: `${need} ${step.id}`, source: need, target: step.id, className, markerEnd: marker };
      });
    const undo = hasUndo && step.undo !== null && byId.has(step.undo) ? step.undo : null;
    const back: Edge[] =
      undo === null
        ? []
        : [
            {
              id: `undo ${step.id}`,
              source: step.id,
              target: undo,
              className: styles.undoEdge ?? '',
              markerEnd: marker,
            },
          ];
    return [...needs, ...back];
  });
}
