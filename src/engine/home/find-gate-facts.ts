import { callRoll } from '../../core/approval/call-roll.ts';
import type { Roll } from '../../core/approval/call-roll.ts';
import { pollState } from '../../core/approval/poll.ts';
import { signersOf } from '../../core/approval/authority.ts';
import type { Decision, DecisionNode } from '../../core/gate/decision.ts';
import type { CriterionFact, HomeFact, VoteFact } from '../../core/home/home-fact.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import type { Criterion, Gate, Launch } from '../../core/launch/launch.ts';
import { readPoll } from '../../store/poll.ts';
import type { Store } from '../../store/open-store.ts';
import type { GateDesk } from '../launches/gate-desk.ts';
import type { Scene } from '../scene.ts';

/** What gates are looked at with. */
export interface GateLook {
  store: Store;
  gates: GateDesk;
  scene: Scene;
  /** As things stand; null where nobody knows. */
  t0Ms: number | null;
  nowMs: number;
}

/** Every criterion that is not met and every vote that is wanted, of all gates of a launch in one environment. */
export async function findGateFacts(look: GateLook): Promise<HomeFact[]> {
  const { launch } = look.scene;
  return (await Promise.all(launch.gates.map((gate) => factsOf(look, gate)))).flat();
}

async function factsOf({ store, gates, scene, t0Ms, nowMs }: GateLook, gate: Gate): Promise<HomeFact[]> {
  const { launch, environment } = scene;
  const { decision } = await gates.decide(scene, gate.id);
  const roll = callRoll({ launch, gate, decision, entries: await gates.entries(launch.id), nowMs });
  const poll = await readPoll(store, { launch: launch.id, environment: environment.id, gate: gate.id });
  const isOpen = poll !== null && pollState(poll, decision.subjectSha256, nowMs) === 'open';
  const offsetMs = launch.phases.find(({ id }) => id === gate.phase)?.offsetMs ?? null;
  const dueMs = t0Ms === null || offsetMs === null ? null : t0Ms + offsetMs;
  const about = { launch, gate, decision, dueMs, environment: environment.id };
  return [...criterionFacts(about), ...voteFacts(about, roll, isOpen ? poll.closesAtMs : null)];
}

interface About {
  launch: Launch;
  gate: Gate;
  decision: Decision;
  dueMs: number | null;
  environment: string;
}

function criterionFacts({ launch, gate, decision, dueMs, environment }: About): CriterionFact[] {
  const declared = new Map(listCriteria(launch).map((criterion) => [criterion.id, criterion]));
  const open = decision.tree.children.filter(({ kind }) => kind === 'criteria').flatMap(openLeaves);
  const facts = open.flatMap((node): CriterionFact[] => {
    const [id = '', part] = node.id.split('/');
    const criterion = declared.get(id);
    if (!criterion) return [];
    const isWord = part === undefined ? isByHand(criterion) : part === 'person';
    return [
      {
        kind: 'criterion',
        launch: launch.id,
        gate: gate.id,
        environment,
        criterion: id,
        title: titleIn(launch, environment, node.title),
        isWord,
        proof: criterion.proof,
        standing: node.standing,
        expected: node.expected,
        got: node.got,
        people: peopleOf(launch, criterion, isWord),
        dueMs,
      },
    ];
  });
  return facts;
}

/** What is about another environment than that of the launch says so. */
function titleIn(launch: Launch, environment: string, title: string): string {
  return environment === launch.environment ? title : `${title} (${environment})`;
}

function isByHand({ human, check }: Criterion): boolean {
  return human || check?.kind === 'manual';
}

/** A leaf is a criterion that stands for itself: what is below it are expectations. What was set aside blocks nothing. */
function openLeaves(node: DecisionNode): DecisionNode[] {
  if (node.outcome === 'pass' || node.standing === 'waived' || node.standing === 'condition') return [];
  const inner = node.children.filter(({ kind }) => kind === 'criterion');
  return node.kind === 'criterion' && inner.length === 0 ? [node] : inner.flatMap(openLeaves);
}

/** Whoever the document names; for a word, those who could sign it. */
function peopleOf(launch: Launch, { owner, role }: Criterion, isWord: boolean): string[] {
  const signers = isWord ? signersOf(launch, role === null ? null : [role]).map(({ id }) => id) : [];
  if (owner !== null && (!isWord || signers.includes(owner))) return [owner];
  if (signers.length > 0) return signers;
  return launch.owner === null ? [] : [launch.owner];
}

function voteFacts(
  { launch, gate, decision, dueMs, environment }: About,
  roll: Roll,
  pollUntilMs: number | null,
): VoteFact[] {
  const before = decision.shortestWay?.filter(({ verb }) => verb !== 'approve').length ?? 1;
  const voided = roll.voided.flatMap(({ person, voidBecause }) =>
    voidBecause === null ? [] : [{ person, why: voidBecause }],
  );
  return roll.seats
    .filter(({ vote }) => vote === null)
    .map(({ role, people }) => ({
      kind: 'vote' as const,
      launch: launch.id,
      gate: gate.id,
      environment,
      title: titleIn(launch, environment, gate.title),
      role,
      people,
      before,
      voided,
      pollUntilMs,
      dueMs,
    }));
}
