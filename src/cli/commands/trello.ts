import { resolve } from 'node:path';

import type { TrelloReport } from '../../core/dataset/trello/trello-report.ts';
import { keepBoardApproval, prepareBoardApproval, readApprovedBoard } from '../../engine/data/trello/approve-board.ts';
import { planBoard } from '../../engine/data/trello/plan-board.ts';
import type { BoardPlan } from '../../engine/data/trello/plan-board.ts';
import { redactBoardFile } from '../../engine/data/trello/redact-board-file.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import type { CommandResult } from '../command-result.ts';
import { createDataSecrets } from '../../engine/data/open-data-access.ts';
import { openImportData } from '../open-import-data.ts';
import { applyAll, planAll, rollBackAll } from '../planned-import.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions;

/** Which items of a board are work here. */
export interface BoardOptions extends Options {
  list?: string[];
  type?: string[];
  known?: string[];
}

/** A board, where its items go, and how. */
export interface BoardAsked {
  folder: string;
  datasets: readonly string[];
  options: BoardOptions;
}

/** Lists that are worked on where nobody names others. */
const activeLists = ['Preparation', 'Announced', 'After event'];

/** Writes the redacted file of a board, its manifest and, for recipients, who is behind the pseudonyms. */
export async function trelloRedact(
  shell: Shell,
  board: string,
  options: Options & { out: string; seed: string; recipient?: string[] },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const subject = `trello redact ${options.out}`;
    const { person } = await requireSigner(shell, session, { options, permission: 'run.start', subject });
    const by = { actor: person.id, purpose: 'redaction of a board', mask: () => undefined };
    const seed = await createDataSecrets(session.store, session.scene, by)(options.seed, shell.signal);
    const folder = resolve(shell.directory, options.out);
    const recipients = options.recipient ?? [];
    try {
      const wish = { file: resolve(shell.directory, board), key: seed.exposeBytes(), recipients };
      const manifest = await redactBoardFile(wish, folder);
      const taken = Object.entries(manifest.rules).map(([rule, count]) => `  ${rule}  ${count}`);
      const people = recipients.length === 0 ? 'thrown away: no recipient' : 'people.json.age';
      const told = [
        `redacted to ${folder}`,
        `sha256  ${manifest.redactedSha256}`,
        ...taken,
        ...manifest.notes,
        `people  ${people}`,
        `look through the sample in manifest.json, then: tminus trello approve ${options.out}`,
      ];
      return { exit: 0, json: manifest, text: toInert(`${told.join('\n')}\n`, false) };
    } finally {
      seed.wipe();
    }
  });
}

/** Signs that somebody has looked through a redacted board, bound to its bytes. */
export async function trelloApprove(
  shell: Shell,
  folder: string,
  options: Options & { comment: string },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    const subject = `trello approve ${folder}`;
    const signer = await requireSigner(shell, session, { options, permission: 'approval.vote', subject });
    const at = resolve(shell.directory, folder);
    const wish = { folder: at, person: signer.person.id, comment: options.comment };
    const prepared = await prepareBoardApproval(store, scene.launch, wish);
    keepBoardApproval(at, signPrepared(prepared, signer));
    const { statement } = prepared;
    const text = `${statement.person} approves ${folder}, file ${statement.redactedSha256.slice(0, 12)}\n`;
    return { exit: 0, json: statement, text: toInert(text, false) };
  });
}

/** Runs dry: the account of the whole board, and a planned import for each dataset; 4 where one may not be approved. */
export async function trelloPlan(shell: Shell, wish: BoardAsked): Promise<CommandResult> {
  return onBoard(shell, wish, (session, { report, settings }, person) =>
    planAll(session, { settings, person }, { report, text: describeBoard(report), isWhole: report.lost === 0 }),
  );
}

/** Writes the planned import of each dataset, parents first; 4 where one does not end verified. */
export async function trelloImport(shell: Shell, wish: BoardAsked): Promise<CommandResult> {
  return onBoard(shell, wish, (session, { settings }, person) => applyAll(session, { settings, person }));
}

/** Takes the newest import of each dataset back, children first; 5 where rows stay because people have edited them. */
export async function trelloRollback(shell: Shell, wish: BoardAsked): Promise<CommandResult> {
  return onBoard(shell, wish, (session, { settings }, person) => rollBackAll(session, { settings, person }));
}

async function onBoard(
  shell: Shell,
  { folder, datasets, options }: BoardAsked,
  action: (session: Session, plan: BoardPlan, person: string) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene } = session;
    const subject = `trello ${folder}`;
    const { person } = await requireSigner(shell, session, { options, permission: 'check.run', subject });
    const { board } = await readApprovedBoard(scene.launch, resolve(shell.directory, folder));
    const rules = {
      activeLists: options.list ?? activeLists,
      knownAssignees: new Set(options.known ?? []),
      workflowTypes: new Set(options.type ?? []),
    };
    const data = await openImportData(shell, session, { by: person.id, purpose: 'import of a board' });
    const plan = await planBoard({ ...data, board, datasets, rules });
    return action(session, plan, person.id);
  });
}

function describeBoard({ byReason, ...report }: TrelloReport): string {
  const counts = Object.entries(report).map(([name, count]) => `  ${name}  ${count}`);
  const reasons = Object.entries(byReason).map(([reason, count]) => `  ${reason}  ${count}`);
  return ['board', ...counts, 'every item of the export', ...reasons, ''].join('\n');
}
