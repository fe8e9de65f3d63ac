import { shorten } from '../paper/line-marks.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';

const pairs: [RegExp, RegExp, string][] = [
  [
    /(?<![\w-])((?:\w+[_-])?(?:protection|locks?|guards?|safety|verification|monitoring|alerts?|backups?)(?:[_-]\w+)?)\s*[=:]\s*["']?(?:false|off|disabled)\b/i,
    /\s*[=:]\s*(?:true|on|1|yes|enabled)\b/,
    'switched back on',
  ],
  [/\bsystemctl (?:stop|disable) (\S+)/, /\b(?:start|enable|restart) /, 'started again'],
  [/\bkubectl cordon (\S+)/, /uncordon /, 'uncordoned'],
  [/\bcrontab -r()\b/, /crontab \S+/, 'restored'],
];

const mentioned =
  /(?:protection|locks?|guards?|safety|verification|monitoring|alerts?|backups?|systemctl|cordon|crontab)\b/i;

function notSwitchedBack({ paper }: Subject): Hit[] {
  const hits: Hit[] = [];
  for (const [off, on, word] of pairs) {
    if (!mentioned.test(paper.text)) continue;
    const lines = paper.lines.filter((line) => line.kind !== 'comment' && off.test(line.raw));
    const first = lines[0];
    if (first === undefined) continue;
    const name = (off.exec(first.raw)?.[1] ?? '').replace(/['"`]+$/, '');
    const back = paper.lines.some(
      (line) =>
        line.number > first.number &&
        (new RegExp(`${escape(name)}${on.source}|${on.source}${escape(name)}`, 'i').test(line.raw) ||
          new RegExp(
            `\\b(?:re-?enabl|start|restor|turn|switch)\\w*[^.]{0,40}${escape(name)}|${escape(name)}[^.]{0,40}\\b(?:started|re-?enabled|back on|start)`,
            'i',
          ).test(line.raw)),
    );
    if (!back)
      hits.push({
        line: first.number,
        column: Math.max(1, first.raw.search(off) + 1),
        message: `${name || 'it'} is switched off and never ${word}`,
        expected: `a step after the change that has it ${word}`,
        got: 'only the step that switches it off',
        hint: 'add the step that switches it back, and look that it is',
      });
  }
  return hits;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const undoOne =
  /\b(?:db:migrate:undo(?!:all)|db:rollback(?! STEP)|downgrade -1|migrate:rollback(?! --step)|migrate down 1|migrate:undo(?!:all))\b/;
const undoAll =
  /\b(?:db:seed:undo:all|db:migrate:undo:all|migrate:reset|downgrade base|flyway clean|migrate down --all)(?![\w:])/;
const bookkeeping =
  /\b(?:SequelizeMeta|schema_migrations|knex_migrations|flyway_schema_history|alembic_version|ar_internal_metadata|migrations table)\b/i;

function undoScope({ paper, commands }: Subject): Hit[] {
  const migrations = new Set([...paper.text.matchAll(/migrations?\/(\d{8,}[\w-]*)/g)].map((match) => match[1]));
  const hits: Hit[] = [];
  const one = commands.find((command) => undoOne.test(command.text));
  if (one !== undefined && migrations.size > 1)
    hits.push({
      line: one.line,
      column: one.column,
      message: `the command undoes one migration, the document describes ${migrations.size}`,
      expected: `an undo of all ${migrations.size}, by name`,
      got: shorten(one.text, 50),
      hint: 'undo each by name, and say what the state is afterwards',
    });
  for (const wide of commands.filter((command) => undoAll.test(command.text)))
    hits.push({
      line: wide.line,
      column: wide.column,
      message: 'the undo takes back more than this document put in',
      expected: 'an undo of exactly these files',
      got: shorten(wide.text, 60),
      hint: 'name the files: "all" takes back what others put in, too',
    });
  const drop = commands.find((command) => /\bDROP TABLE\b/i.test(command.text));
  if (drop !== undefined && migrations.size > 0 && !bookkeeping.test(paper.text))
    hits.push({
      line: drop.line,
      column: drop.column,
      message: 'tables are dropped by hand and the migration tool still believes that they are there',
      expected: 'the bookkeeping rows removed, too',
      got: shorten(drop.text, 50),
      hint: 'remove the rows of these migrations, or the next run will skip them',
    });
  return hits;
}

/** What is switched off or undone, and how far. */
export const undoRules: Rule[] = [
  {
    code: 'not-switched-back',
    severity: 'warning',
    summary: 'A protection or service is switched off and never on again.',
    why: 'It is found switched off a year later, by an accident.',
    fires: '# R\n\n1. Set `deletion_protection = false`\n2. Apply\n',
    silent: '# R\n\n1. Set `deletion_protection = false`\n2. Apply\n3. Set `deletion_protection = true`\n',
    check: notSwitchedBack,
  },
  {
    code: 'undo-scope',
    severity: 'warning',
    summary: 'An undo takes back less or more than the document put in.',
    why: 'Half undone is worse than done.',
    fires:
      '# R\n\n`migrations/20250101-a.js` and `migrations/20250102-b.js`\n\n```bash\nnpx sequelize-cli db:migrate:undo\n```\n',
    silent: '# R\n\n`migrations/20250101-a.js`\n\n```bash\nnpx sequelize-cli db:migrate:undo\n```\n',
    check: undoScope,
  },
];
