import type { JsonObject } from '@tminus/verify';

import { dateOfCard } from './date-of-card.ts';
import type { TrelloOutcome, TrelloRecord, TrelloRules } from './plan-trello-import.ts';
import type { RedactedBoard } from './redact-board.ts';
import { text } from './trello-items.ts';
import { asksForProof, isFollowUp, isWaiting, namesProofKind } from './trello-words.ts';

/** The account of an import of a board (D35). Planned is created plus what is there already; planned plus skipped plus lost is what the export holds. */
export interface TrelloReport {
  cardsPlanned: number;
  cardsSkipped: number;
  cardsCreated: number;
  tasksPlanned: number;
  tasksSkipped: number;
  tasksCreated: number;
  artifactsPlanned: number;
  artifactsSkipped: number;
  artifactsCreated: number;
  /** Open items that say they wait for somebody. */
  waitingTasks: number;
  /** Items that ask for a proof of a kind that is known: a screenshot, a link, a file, a number. */
  proofRequirements: number;
  /** Items that ask for a proof and do not say of which kind. */
  unsupportedProofInferences: number;
  /** Attachments that name a document of the process and whose link was left out. */
  unresolvedProcessDocs: number;
  /** Cards none of whose labels is a known type of workflow. */
  unresolvedWorkflowTypes: number;
  invalidDates: number;
  /** People on created items whom nobody has matched. */
  unknownAssignees: number;
  invalidUrls: number;
  unsafeArtifactUrls: number;
  duplicateSourceIds: number;
  followUpNotifications: number;
  /** Outcomes by kind and reason, to the item: `card skipped closed-card`. */
  byReason: { [outcome: string]: number };
  source: number;
  created: number;
  skipped: number;
  lost: number;
}

interface Planned {
  records: readonly TrelloRecord[];
  outcomes: readonly TrelloOutcome[];
  rules: TrelloRules;
}

/** Returns the account of a plan. */
export function reportTrelloImport(board: RedactedBoard, { records, outcomes, rules }: Planned): TrelloReport {
  const names = records.filter(({ entity }) => entity === 'checkItem').map(({ fields }) => text(fields['name']));
  const cards = records.filter(({ entity }) => entity === 'card').map(({ fields }) => fields);
  const asking = names.filter(asksForProof);
  const isOutcome = (wanted: TrelloOutcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  return {
    ...countOf('cards', 'card', outcomes),
    ...countOf('tasks', 'checkItem', outcomes),
    ...countOf('artifacts', 'attachment', outcomes),
    waitingTasks: names.filter(isWaiting).length,
    proofRequirements: asking.filter(namesProofKind).length,
    unsupportedProofInferences: asking.filter((name) => !namesProofKind(name)).length,
    unresolvedProcessDocs: records.filter(({ entity, fields }) => entity === 'attachment' && isLostDocument(fields))
      .length,
    unresolvedWorkflowTypes: cards.filter((card) => !hasType(card, board, rules)).length,
    invalidDates: cards.filter((card) => dateOfCard(card).isInvalid).length,
    unknownAssignees: unknownPeople(records, rules).size,
    invalidUrls: (board.rules['url:invalid'] ?? 0) + (board.rules['url:scheme'] ?? 0),
    unsafeArtifactUrls: ['internal', 'signed', 'upload', 'board'].reduce(
      (sum, rule) => sum + (board.rules[`url:${rule}`] ?? 0),
      0,
    ),
    duplicateSourceIds: outcomes.filter(({ reason }) => reason === 'duplicate-id').length,
    followUpNotifications: names.filter(isFollowUp).length,
    byReason: countReasons(outcomes),
    source: outcomes.length,
    created: isOutcome('created'),
    skipped: isOutcome('skipped'),
    lost: isOutcome('lost'),
  };
}

type Counted<Name extends string> = { [key in `${Name}${'Planned' | 'Skipped' | 'Created'}`]: number };

function countOf<Name extends string>(
  name: Name,
  entity: TrelloOutcome['entity'],
  outcomes: readonly TrelloOutcome[],
): Counted<Name> {
  const own = outcomes.filter((each) => each.entity === entity);
  const created = own.filter(({ outcome }) => outcome === 'created').length;
  const there = own.filter(({ reason }) => reason === 'already-imported').length;
  const skipped = own.filter(({ outcome }) => outcome === 'skipped').length - there;
  return {
    [`${name}Planned`]: created + there,
    [`${name}Skipped`]: skipped,
    [`${name}Created`]: created,
  } as Counted<Name>;
}

function isLostDocument({ name, url }: JsonObject): boolean {
  return url === null && /\b(?:process|runbook|sop|playbook|guideline)\b/i.test(text(name));
}

function hasType({ idLabels }: JsonObject, board: RedactedBoard, { workflowTypes }: TrelloRules): boolean {
  const ids = Array.isArray(idLabels) ? idLabels : [];
  return board.items.some(
    ({ entity, fields }) =>
      entity === 'label' && ids.includes(fields['id'] ?? null) && workflowTypes.has(text(fields['name'])),
  );
}

function unknownPeople(records: readonly TrelloRecord[], { knownAssignees }: TrelloRules): Set<string> {
  const named = records.flatMap(({ fields }) => [
    fields['idMember'],
    ...(Array.isArray(fields['idMembers']) ? fields['idMembers'] : []),
  ]);
  return new Set(named.filter((id): id is string => typeof id === 'string' && !knownAssignees.has(id)));
}

function countReasons(outcomes: readonly TrelloOutcome[]): { [outcome: string]: number } {
  const counts = new Map<string, number>();
  for (const { entity, outcome, reason } of outcomes) {
    const name = [entity, outcome, ...(reason === null ? [] : [reason])].join(' ');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
