import { digestOf } from '@tminus/verify';

import { accessRoles } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { assessRun } from '../../engine/access/assess-request.ts';
import type { AssessedRequest } from '../../engine/access/assess-request.ts';
import { breakGlass } from '../../engine/access/break-glass.ts';
import { castVote } from '../../engine/access/cast-vote.ts';
import { findRun } from '../../engine/runs/find-run.ts';
import { tellApproval, tellVote } from '../../engine/runs/tell-vote.ts';
import { readNow } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { withRunSession } from '../with-run-session.ts';

export interface ApproveRunOptions extends GlobalOptions, SignerOptions {
  role?: string;
  comment?: string;
  noGo?: boolean;
  subject?: string;
  /** Stands in for the votes where the signer holds a break-glass grant. */
  breakGlass?: boolean;
}

/**
 * Signs a go or no-go vote on the newest request of a run, and tells the run what comes of it: approved it begins, refused by one who decides it ends. Whoever votes names the digest of what they read
 * with `--subject`; without it the request is shown, and nothing is signed.
 */
export async function approveRun(shell: Shell, named: string, options: ApproveRunOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async (session) => {
    const { scene, store } = session;
    const { run } = await findRun(store, { launch: scene.launch.id, environment: options.environment ?? null }, named);
    const signer = readSigner(shell, scene, options);
    const nowMs = Date.parse(await readNow(store));
    if (options.breakGlass === true) {
      const reference = await breakGlass(store, scene.launch, { run, person: signer.person.id, nowMs });
      await tellApproval(session.engine, run.id, reference);
      const text = `${signer.person.id} broke the glass for ${run.id}: EXCEPTION, nobody approved it\n`;
      return { exit: 0, json: { run: run.id, reference }, text: toInert(text, false) };
    }
    const [newest] = await assessRun(store, scene, run.id, nowMs);
    if (newest === undefined) throw noRequest(run.id);
    const digest = digestOf(newest.request);
    if (options.subject === undefined) return shown(newest, digest);
    if (options.subject.length < 8 || !digest.startsWith(options.subject)) throw outdated(digest, options.subject);
    const voted = await castVote(store, scene, signer, {
      request: newest.request.id,
      vote: options.noGo === true ? 'no-go' : 'go',
      reason: options.comment ?? 'I have read the dry run',
      role: toRole(options.role),
      sourceIp: null,
    });
    const ended = await tellVote(session.engine, run, voted);
    const line = `${signer.person.id} votes ${voted.vote.vote} as ${voted.vote.role} on ${digest.slice(0, 12)}, entry ${voted.index}\n`;
    const text = `${line}${standingOf(voted)}${ended ? `${run.id} is rejected\n` : ''}`;
    const exit = voted.assessment.approved ? 0 : ended ? 4 : 5;
    return { exit, json: voted, text: toInert(text, false) };
  });
}

function shown(assessed: AssessedRequest, digest: string): CommandResult {
  const { id, level, action, environment, reason, requester, authors, executors, dryRunSha256, expiresAt } =
    assessed.request;
  const nature = action.reversible ? 'can be taken back' : 'CANNOT be taken back';
  const lines = [
    `request ${id}, level ${level}: ${action.id} in ${environment}, ${nature}`,
    `asked for by ${requester}: ${reason}`,
    `written by ${authors.join(', ')}, carried out by ${executors.join(', ')}`,
    `dry run ${dryRunSha256.slice(0, 12)}, open until ${expiresAt}`,
  ];
  const text = `${lines.join('\n')}\n${standingOf(assessed)}vote with --subject ${digest.slice(0, 12)}\n`;
  return { exit: 5, json: { ...assessed, subject: digest }, text: toInert(text, false) };
}

function standingOf({ assessment }: AssessedRequest): string {
  if (assessment.approved) return 'APPROVED\n';
  return assessment.reasons.map((reason) => `wanted: ${reason}\n`).join('');
}

function toRole(text: string | undefined): (typeof accessRoles)[number] | null {
  const found = accessRoles.find((role) => role === text);
  if (text === undefined || found) return found ?? null;
  throw new ProductError('usage', `--role: expected one of ${accessRoles.join(', ')}, got ${text}`, {
    hint: 'leave it out: the role that is wanted still is taken',
  });
}

function noRequest(run: string): ProductError {
  return new ProductError('approval_unknown', `run ${run}: expected a request for approval, got none`, {
    hint: 'a run that wants none needs no vote; see "tminus status"',
  });
}

function outdated(now: string, read: string): ProductError {
  const got = `${now.slice(0, 12)} that stands now`;
  return new ProductError('signature_invalid', `vote: expected what was read, ${read.slice(0, 12)}, got ${got}`, {
    hint: 'read it again without --subject, and vote on what it shows',
  });
}
