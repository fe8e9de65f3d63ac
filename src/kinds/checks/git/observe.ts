import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { runProcess } from '../run-process.ts';
import { toPlainText } from '../unreadable.ts';
import { resolveInWorkspace } from '../workspace-file.ts';
import { toQuestions } from './questions.ts';
import { toGitSources } from './reader.ts';
import type { GitSpec } from './schema.ts';

/** Largest answer that is taken whole; a longer one is trouble, because half a history lacks authors. */
const longestAnswer = 16 * 1024 ** 2;

/** Settings under which Git starts no hook, monitor, pager, editor, filter daemon or transport, writes nothing and asks nobody. */
const safety = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'protocol.allow=never',
  '-c',
  'log.showSignature=false',
];

type Answer = { ok: true; exit: number; stdout: Uint8Array } | { ok: false; trouble: Trouble };

interface Session {
  cwd: string;
  deadline: number;
  signal: AbortSignal;
}

/** Asks Git about one commit. The repository is found from its folder alone; nothing above the workspace is searched. */
export async function observeGit(written: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = written as unknown as GitSpec;
  const folder = await resolveInWorkspace(context.workspace, spec.path);
  if (!folder.ok) return inTrouble(folder.trouble);
  const root = await resolveInWorkspace(context.workspace, '.');
  if (!root.ok) return inTrouble(root.trouble);
  const session: Session = { cwd: folder.path, deadline: performance.now() + spec.timeout, signal: context.signal };
  const inside = await askGit(session, { args: ['rev-parse', '--show-toplevel'], answers: [0] });
  if (!inside.ok) return inTrouble(inside.trouble);
  const top = Buffer.from(inside.stdout).toString().replace(/\n$/, '');
  if (top !== root.path && !top.startsWith(`${root.path}/`))
    return inTrouble({
      code: 'path_outside',
      message: `${spec.path}: expected a repository inside the workspace, got one around it`,
    });
  const commit = await toCommit(session, spec.ref);
  if (!commit.ok) return inTrouble(commit.trouble);
  const ancestor = spec.ancestor === null ? null : await toCommit(session, spec.ancestor);
  if (ancestor && !ancestor.ok) return inTrouble(ancestor.trouble);
  return askAll(session, spec, { commit: commit.id, ancestor: ancestor?.id ?? null });
}

async function askAll(
  session: Session,
  spec: GitSpec,
  at: { commit: string; ancestor: string | null },
): Promise<Observation> {
  const outputs: { [source: string]: Uint8Array } = {};
  const exits: { [source: string]: number } = {};
  for (const question of toQuestions(spec, at.commit, at.ancestor)) {
    const answer = await askGit(session, question);
    if (!answer.ok) return inTrouble(answer.trouble);
    outputs[question.source] = answer.stdout;
    exits[question.source] = answer.exit;
  }
  return { sources: toGitSources({ commit: at.commit, ancestor: at.ancestor, exits }, outputs), trouble: null };
}

async function toCommit(
  session: Session,
  revision: string,
): Promise<{ ok: true; id: string } | { ok: false; trouble: Trouble }> {
  const answer = await askGit(session, {
    args: ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
    answers: [0, 1, 128],
  });
  if (!answer.ok) return answer;
  const id = Buffer.from(answer.stdout).toString().trim();
  if (answer.exit === 0 && /^[0-9a-f]{40,64}$/.test(id)) return { ok: true, id };
  return {
    ok: false,
    trouble: {
      code: 'revision_unknown',
      message: `${toPlainText(revision)}: expected a commit of the repository, got none`,
    },
  };
}

async function askGit(
  session: Session,
  question: { args: readonly string[]; answers: readonly number[] },
): Promise<Answer> {
  const end = await runProcess({
    argv: ['git', ...safety, ...question.args],
    cwd: session.cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      // The owner of a checkout in a container is often another user; reading it is what was asked for.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
    },
    timeoutMs: Math.max(1, Math.ceil(session.deadline - performance.now())),
    limit: longestAnswer,
    signal: session.signal,
  });
  const name = `git ${question.args[0]}`;
  if (end.stopped)
    return refuse(
      end.stopped,
      `${name}: ${end.stopped === 'timeout' ? 'expected an answer within the time limit, got none' : 'cancelled'}`,
    );
  if (end.startError !== null) return refuse('git_missing', `${name}: expected git on PATH, got ${end.startError}`);
  if (end.stdout.truncated)
    return refuse(
      'too_large',
      `${name}: expected an answer of at most ${longestAnswer} bytes, got ${end.stdout.total}`,
    );
  if (end.exit !== null && question.answers.includes(end.exit))
    return { ok: true, exit: end.exit, stdout: end.stdout.bytes };
  return refuse(
    'git_failed',
    `${name}: expected exit ${question.answers.join(' or ')}, got ${end.exit ?? end.signal}: ${toPlainText(Buffer.from(end.stderr.bytes).toString())}`,
  );
}

function refuse(code: string, message: string): Answer {
  return { ok: false, trouble: { code, message } };
}

function inTrouble(trouble: Trouble): Observation {
  return { sources: [], trouble };
}
