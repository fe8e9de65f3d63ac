import { createInterface } from 'node:readline/promises';

import type { Approval } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import type { Decision } from '../../core/gate/decision.ts';
import { explainGate } from '../../engine/explain-gate.ts';
import { appendSignedApproval, prepareApproval } from '../../engine/sign/approval.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { toInert } from '../inert.ts';
import { renderDecision, renderHead, renderVotes } from '../render-decision.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';
import { onlyGate } from './decide.ts';

export interface ApproveOptions extends GlobalOptions, SignerOptions {
  role?: string;
  comment?: string;
  noGo?: boolean;
  phase?: string;
  subject?: string;
}

/**
 * Signs a go or no-go vote on exactly what was read. A person at the terminal is shown the decision and asked; anybody else names what they
 * read with `--subject`. Nobody signs a page that has changed under them, and a vote that could not count is refused.
 */
export async function approve(shell: Shell, gate: string | undefined, options: ApproveOptions): Promise<CommandResult> {
  return withSession(shell, options, async ({ scene, store }) => {
    const signer = readSigner(shell, scene, options);
    const asked = { gate: gate ?? onlyGate(scene), phase: options.phase };
    const { decision } = await explainGate(store, scene, asked);
    await assertRead(shell, decision, options);
    const phase = options.phase ?? null;
    const prepared = await prepareApproval(store, scene, signer.person.id, {
      gate: decision.gate,
      phase,
      vote: options.noGo ? 'no-go' : 'go',
      role: options.role ?? null,
      comment: options.comment ?? '',
    });
    const { statement } = prepared;
    if (statement.subjectSha256 !== decision.subjectSha256)
      throw outdated(statement.subjectSha256, decision.subjectSha256);
    const place = await appendSignedApproval(store, scene, signPrepared(prepared, signer), { phase });
    const after = await explainGate(store, scene, asked);
    return {
      exit: 0,
      json: { ...place, statement, decision: after.decision },
      text: renderVote(shell, statement, after.decision),
    };
  });
}

function renderVote({ terminal }: Shell, { person, role, vote, subjectSha256 }: Approval, after: Decision): string {
  const voted = `${toInert(person, false)} votes ${vote} as ${toInert(role, false)} on ${subjectSha256.slice(0, 12)}`;
  return `${voted}\n${renderHead(after, terminal.palette)}\n${renderVotes(after, terminal.palette)}`;
}

/** Shows what is to be signed and asks; where nobody can be asked, the digest of what was read stands in for it. */
async function assertRead(shell: Shell, decision: Decision, { subject, json }: ApproveOptions): Promise<void> {
  if (subject !== undefined) {
    if (subject.length >= 8 && decision.subjectSha256.startsWith(subject)) return;
    throw outdated(decision.subjectSha256, subject);
  }
  if (!process.stdin.isTTY || !shell.terminal.interactive || json) throw unread();
  shell.terminal.out(renderDecision(decision, shell.terminal.palette));
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question('Sign this? Type yes: ', { signal: shell.signal });
    if (answer.trim() !== 'yes') throw unread();
  } finally {
    prompt.close();
  }
}

function unread(): ProductError {
  return new ProductError('usage', 'vote: expected the digest of the decision that was read, got none', {
    hint: 'run "tminus decide", read it, and pass the digest that it prints with --subject',
  });
}

function outdated(now: string, read: string): ProductError {
  return new ProductError(
    'signature_invalid',
    `vote: expected what was read, ${read.slice(0, 12)}, got ${now.slice(0, 12)} that stands now`,
    { hint: 'run "tminus decide", read it again, and vote on what it shows' },
  );
}
