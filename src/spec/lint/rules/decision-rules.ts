import type { Cell, Paper, Table } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import { readDecision } from '../understand/note-gates.ts';
import type { Subject } from '../understand/subject.ts';
import { isUnfilled } from '../understand/vocabulary.ts';
import { openWork } from './tick-rules.ts';
import { gatherPlaces, printCount, printWords } from './gathered.ts';

const notDone =
  /⚠|❌|🔴|🟡|\b(?:partial(?:ly)?|pending|open|in[ -]progress|not (?:started|done|ready)|todo|blocked|incomplete|requires?|missing|failed)\b/iu;
const bare = (cell: Cell | undefined): string => cell?.text.replace(/\*\*/g, '').trim() ?? '';

function goOverOpenRows(table: Table): Hit[] {
  const names = table.header.map((cell) => bare(cell).toLowerCase());
  const decision = names.findIndex((name) => /^(?:decision|go[ /-]+no-?go)$/.test(name));
  const status = names.findIndex((name) => /^(?:status|state|result|readiness)$/.test(name));
  if (decision === -1 || status === -1) return [];
  const hits: Hit[] = [];
  for (const row of table.rows) {
    const [cell, state] = [row[decision], bare(row[status])];
    const said = cell === undefined ? null : readDecision(cell.text);
    if (cell === undefined || (said !== 'go' && said !== 'conditional') || !notDone.test(state)) continue;
    hits.push({
      line: cell.line,
      column: cell.column,
      message: `${bare(row[0])} is decided GO while its row says ${state.replace(/[^\w -]/gu, '').trim() || state}`,
      expected: 'GO only over a row that is complete, or a condition with phase and owner',
      got: `${state} / ${bare(cell)}`,
      hint: 'make it a condition that blocks a named phase, or decide NO-GO',
    });
  }
  return hits;
}

function goWithOpenConditions({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const decided = goLine(paper);
  if (decided === null) return [];
  const conditions = paper.fields.find(
    (field) => /^conditions?\b/i.test(field.key) && !/if conditional/i.test(field.key),
  );
  const open = openWork(paper);
  if (conditions === undefined && open.length === 0) return [];
  const what = [
    conditions === undefined ? '' : 'conditions that are still to be met',
    open.length === 0 ? '' : printCount(open.length, 'open box', 'open boxes'),
  ].filter((text) => text !== '');
  const related = [
    ...(conditions === undefined ? [] : [{ line: conditions.line, column: conditions.column, note: 'conditions' }]),
    ...open.slice(0, 15).map((item) => ({ line: item.line, column: item.column, note: 'open' })),
  ];
  return [
    {
      line: decided.line,
      column: decided.column,
      message: `GO is already decided over ${printWords(what)}`,
      expected: 'GO with conditions, each with the phase it blocks, its owner and its proof',
      got: 'GO',
      hint: 'name for each condition the phase that may not begin without it',
      related,
    },
  ];
}

function goLine(paper: Paper): { line: number; column: number } | null {
  for (const section of paper.sections)
    if (/\bdecision:/i.test(section.title) && readDecision(section.title) === 'go') return section;
  return (
    paper.fields.find(
      (entry) =>
        /^(?:final )?decision$|^overall$/i.test(entry.key) &&
        ['go', 'conditional'].includes(readDecision(entry.value) ?? ''),
    ) ?? null
  );
}

function signOffBlank({ paper, template }: Subject): Hit[] {
  const places: { line: number; column: number; note: string }[] = [];
  for (const table of paper.tables) {
    const column = table.header.findIndex((cell) =>
      /^(?:signature|signed|sign-?off|approved by|approval)$/i.test(bare(cell)),
    );
    if (column === -1) continue;
    for (const row of table.rows) {
      const cell = row[column];
      if (cell !== undefined && isUnfilled(cell.text))
        places.push({ line: cell.line, column: cell.column, note: bare(row[0]) });
    }
  }
  for (const line of paper.lines) {
    if (/^[\s│|□☐-]*(?:\[ \] )?[A-Z][\w -]+:\s*_{4,}\s*(?:Time|Date)/.test(line.raw))
      places.push({ line: line.number, column: 1, note: 'blank signature' });
  }
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'sign-off')} left blank`,
    expected: 'name, date and decision of each signer',
    got: 'blanks',
    hint: 'a launch does not start on an unsigned form',
  }).map((hit): Hit => ({ ...hit, severity: template ? 'info' : 'warning' }));
}

const arrow = /^(.+?)\s*(?:→|->|=>|to)\s*(.+)$/;
const pairKey = (text: string): string | null => {
  const match = arrow.exec(
    text
      .replace(/\([^)]*\)/g, '')
      .replace(/^[^:]*\bGate \d+:\s*/i, '')
      .replace(/[*:]/g, '')
      .trim(),
  );
  return match === null ? null : `${match[1] ?? ''}→${match[2] ?? ''}`.toLowerCase().replace(/\s+/g, '');
};

interface Authority {
  roles: string[];
  line: number;
  column: number;
}

/** Lines such as "Phase 1 → Phase 2: A + B", by the pair of phases. */
function authoritiesOf(paper: Paper): Map<string, Authority> {
  const found = new Map<string, Authority>();
  for (const { key, value, line, column, front } of paper.fields) {
    const pair = front || !value.includes('+') ? null : pairKey(key);
    if (pair !== null)
      found.set(pair, { roles: value.split('+').map((role) => role.replace(/[*.]/g, '').trim()), line, column });
  }
  return found;
}

/** A list that says who decides beside sign-off tables under headings of the same names. */
function rolesDiffer({ paper }: Subject): Hit[] {
  const authorities = authoritiesOf(paper);
  if (authorities.size === 0) return [];
  const signed = paper.tables.filter(
    (table) =>
      /^role$/i.test(bare(table.header[0])) &&
      table.header.some((cell) => /signature|sign-?off|approv/i.test(cell.text)),
  );
  return signed.flatMap((table): Hit[] => {
    const pair = pairKey(table.section.title) ?? pairKey(table.section.parent?.title ?? '');
    return pair === null ? [] : compareSigners(table, authorities.get(pair), [...authorities.values()][0]?.line ?? 1);
  });
}

function compareSigners(table: Table, known: Authority | undefined, listLine: number): Hit[] {
  const signers = table.rows.map((row) => bare(row[0]));
  const got = printWords(signers);
  const hint = 'let one place say who decides, and point to it';
  const place = { line: table.line, column: 1, got, hint };
  if (known === undefined) {
    const related = [{ line: listLine, column: 1, note: 'who decides' }];
    return [
      {
        ...place,
        message: 'this gate has signers, and no line says who decides it',
        expected: 'a line that names who decides this gate',
        related,
      },
    ];
  }
  if (signers.length === known.roles.length && signers.every((role) => known.roles.includes(role))) return [];
  const expected = printWords(known.roles);
  const related = [{ line: known.line, column: known.column, note: expected }];
  return [{ ...place, message: 'the sign-off table asks other roles than the list of who decides', expected, related }];
}

/** GO and NO-GO as written, and who signs. */
export const decisionRules: Rule[] = [
  {
    code: 'go-over-open-row',
    severity: 'blocking',
    summary: 'A row is decided GO while its own status says partial, pending or open.',
    why: 'This is how a launch without replication and without access control was called ready.',
    fires: '# GO\n\n| Criterion | Status | Decision |\n|---|---|---|\n| Security | ⚠️ Partial | **GO*** |\n',
    silent:
      '# GO\n\n| Criterion | Status | Decision |\n|---|---|---|\n| Security | ⚠️ Partial | NO-GO |\n| Speed | ✅ Complete | **GO** |\n',
    check: ({ paper }) => paper.tables.flatMap(goOverOpenRows),
  },
  {
    code: 'go-with-open-conditions',
    severity: 'blocking',
    summary: 'GO is decided while conditions are listed or boxes are open.',
    why: 'A condition that blocks nothing is never met.',
    fires: '# Assessment\n\n### Final decision: GO\n\n**Conditions**:\n\n- [ ] Replication\n',
    silent: '# Assessment\n\n### Final decision: NO-GO\n\n**Conditions**:\n\n- [ ] Replication\n',
    check: goWithOpenConditions,
  },
  {
    code: 'sign-off-blank',
    severity: 'warning',
    summary: 'Sign-off fields are blank.',
    why: 'Nobody has taken the decision that everybody believes somebody took.',
    fires: '# Gate\n\n| Role | Name | Signature |\n|---|---|---|\n| Lead | ____ | ____ |\n',
    silent: '# Gate\n\n| Role | Name | Signature |\n|---|---|---|\n| Lead | Ann | Ann Lee |\n',
    check: signOffBlank,
  },
  {
    code: 'signers-differ',
    severity: 'warning',
    summary: 'The list of who decides and the sign-off table of the same gate name different roles.',
    why: 'At the gate two people are enough for one half of the room, and three for the other.',
    fires:
      '# G\n\n- **Phase 1 → Phase 2:** Ops Lead + Tech Lead\n\n## Gate 2: Phase 1 (a) → Phase 2 (b)\n\n| Role | Name | Signature |\n|---|---|---|\n| Ops Lead | x | x |\n',
    silent:
      '# G\n\n- **Phase 1 → Phase 2:** Ops Lead + Tech Lead\n\n## Gate 2: Phase 1 (a) → Phase 2 (b)\n\n| Role | Name | Signature |\n|---|---|---|\n| Ops Lead | x | x |\n| Tech Lead | x | x |\n',
    check: rolesDiffer,
  },
];
