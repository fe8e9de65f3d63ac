import type { Fence, Paper } from '../paper/paper.ts';

/** A command that a reader is meant to run, from a fence or from a code span that begins with a known tool. */
export interface Command {
  text: string;
  line: number;
  /** Last line, where the command goes on over several. */
  end: number;
  column: number;
  language: string;
  fence: Fence | null;
}

const shells = new Set([
  'sh',
  'bash',
  'shell',
  'zsh',
  'console',
  'terminal',
  'shell-session',
  'command',
  'powershell',
  'ps1',
  'bat',
]);
const tools =
  'git|gh|kubectl|oc|helm|docker|docker-compose|podman|terraform|tofu|ansible(?:-playbook)?|aws|gcloud|az|psql|mysql|mysqldump|pg_dump|pg_restore|sqlite3|redis-cli|mongosh?|npm|npx|pnpm|yarn|pip|python3?|node|go|cargo|make|curl|wget|ssh|scp|rsync|rm|mv|cp|mkdir|cd|tar|systemctl|service|knife|chef-client|gitlab-ctl|cf|heroku|fly|vercel|bundle|rake|rails|brew|apt(?:-get)?|yum|dnf|export|source|sudo|bash|sh|nsupdate|dig|openssl|cosign|krel|kpromo|crane|dropdb|createdb|flyway|liquibase|alembic|echo';
const startsWithTool = new RegExp(
  `^(?:\\$ |# )?(?:[A-Z_]+=\\S* )*(?:(?:sudo|npx|bundle exec) )?(?:\\./[\\w./-]+|(?:${tools})(?= |$))`,
);
const spanWithTool = new RegExp(`^(?:\\$ )?(?:(?:${tools}) \\S|\\./[\\w/-]+\\.(?:sh|py)|/\\w+ \\w+)`);
const statement = /^\s*(?:DROP|DELETE|TRUNCATE|ALTER|INSERT|UPDATE|CREATE|GRANT|REVOKE|REASSIGN)\b/i;

/** Returns the commands of a document in order. Output shown in a fence, diffs and configuration are not commands. */
export function findCommands(paper: Paper): Command[] {
  const commands: Command[] = [];
  for (const fence of paper.fences) addFence(commands, fence);
  for (const line of paper.lines) {
    if (line.prose === '' || line.text.length === line.prose.trimEnd().length || !line.text.includes('`')) continue;
    for (const span of line.text.matchAll(/(`+)([^`]+)\1/g)) {
      const text = (span[2] ?? '').trim();
      if (spanWithTool.test(text))
        commands.push({
          text,
          line: line.number,
          end: line.number,
          column: line.column + span.index + (span[1]?.length ?? 1),
          language: 'span',
          fence: null,
        });
    }
  }
  return commands;
}

function addFence(commands: Command[], fence: Fence): void {
  const shell = shells.has(fence.language);
  const sql = fence.language.endsWith('sql');
  if (!shell && !sql && fence.language !== '' && fence.language !== 'text') return;
  let joined: Command | null = null;
  for (const [index, raw] of fence.lines.entries()) {
    const art = /^\s*[│|]\s+\$ (.*?)\s*[│|]?\s*$/.exec(raw);
    const text = (art?.[1] ?? raw).trim();
    if (joined !== null) {
      joined.text = `${joined.text.replace(/\\$/, '')} ${text}`;
      joined.end = fence.line + 1 + index;
      if (!text.endsWith('\\')) joined = null;
      continue;
    }
    const isCommand = sql
      ? text !== '' && !text.startsWith('--')
      : art !== null || startsWithTool.test(text) || (shell && isStatement(text));
    if (!isCommand) continue;
    const command = {
      text: text.replace(/^\$ /, ''),
      line: fence.line + 1 + index,
      end: fence.line + 1 + index,
      column: 1 + raw.length - raw.trimStart().length,
      language: sql ? 'sql' : 'sh',
      fence,
    };
    commands.push(command);
    joined = text.endsWith('\\') ? command : null;
  }
}

function isStatement(text: string): boolean {
  return statement.test(text) || (/^[a-z./~][\w./-]*(?: |$)/.test(text) && !/[.:]$/.test(text));
}
