/** A generated document and where it stands. */
export interface GeneratedDocument {
  path: string;
  text: string;
}

/** The same numbers in each run, so that two runs measure the same text (mulberry32). */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const nouns = [
  'orders',
  'database',
  'worker pool',
  'certificate',
  'release branch',
  'queue',
  'search index',
  'billing export',
  'session store',
  'dashboard',
];
const verbs = ['Verify', 'Restart', 'Migrate', 'Announce', 'Drain', 'Deploy', 'Restore', 'Check', 'Freeze', 'Publish'];

/** Returns documents in the mixture of real ones: runbooks, checklists, plans, reports with tables, prose with links. */
export function generateDocuments(count: number, lines: number): GeneratedDocument[] {
  const each = Math.floor(lines / count);
  return Array.from({ length: count }, (_, index) => ({
    path: `docs/document-${index}.md`,
    text: generateDocument(index, each, count),
  }));
}

function generateDocument(index: number, length: number, count: number): string {
  const random = randomFrom(index + 1);
  const pick = (words: readonly string[]): string => words[random(words.length)] ?? '';
  const lines =
    index % 3 === 0
      ? ['---', `status: ${pick(['done', 'planned', 'blocked'])}`, `depends: [document-${(index + 7) % count}]`, '---']
      : [];
  lines.push(
    `# ${pick(['Release runbook', 'Cutover plan', 'Go/no-go checklist', 'Migration runbook', 'Notes on'])} ${index}`,
    '',
    `**Owner:** ${pick(['Ann', 'Ops team', 'TBD'])}`,
    '',
  );
  const blocks = [steps, boxes, table, prose, fence, metrics, quote];
  while (lines.length < length - 1)
    lines.push(...(blocks[random(blocks.length)] ?? prose)({ random, pick, index, count }), '');
  return `${lines.slice(0, length - 1).join('\n')}\n`;
}

interface Tools {
  random: (limit: number) => number;
  pick: (words: readonly string[]) => string;
  index: number;
  count: number;
}

function steps({ random, pick }: Tools): string[] {
  return [
    `### T-${random(20)}d ${pick(verbs)} the ${pick(nouns)}`,
    '',
    ...Array.from(
      { length: 4 + random(5) },
      (_, step) =>
        `${step + 1}. ${pick(verbs)} the ${pick(nouns)} and wait ${random(30)} minutes, then look at \`${pick(['kubectl get pods', 'git status', 'psql -c select'])}\``,
    ),
  ];
}

function boxes({ random, pick }: Tools): string[] {
  return [
    `## ${pick(['Validation', 'Acceptance criteria', 'Pre-launch checklist ✅'])}`,
    '',
    ...Array.from(
      { length: 5 + random(6) },
      () =>
        `- [${random(2) === 0 ? ' ' : 'x'}] ${pick(['', '[HUMAN] '])}${pick(verbs)} the ${pick(nouns)} within ${random(90)} seconds (#${random(900)})`,
    ),
  ];
}

function table({ random, pick }: Tools): string[] {
  return [
    '| Component | Tests | Status | Decision |',
    '|---|---|---|---|',
    ...Array.from(
      { length: 4 + random(6) },
      () =>
        `| **${pick(nouns)}** | ${random(200)} | ${pick(['✅ Complete', '⚠️ Partial'])} | **${pick(['GO', 'NO-GO', 'GO*'])}** |`,
    ),
    `| **Total** | **${random(900)}** | | |`,
  ];
}

function prose({ random, pick, index, count }: Tools): string[] {
  return Array.from(
    { length: 4 + random(4) },
    () =>
      `The ${pick(nouns)} is ${pick(['moved', 'kept', 'rebuilt'])} before the ${pick(nouns)} is touched; see [the notes](document-${(index + random(9)) % count}.md) and https://example.org/${random(9999)}, where ${random(40)} items are listed.`,
  );
}

function fence({ random, pick }: Tools): string[] {
  return [
    '```bash',
    `# ${pick(verbs)}`,
    `export VERSION=1.${random(30)}.0`,
    ...Array.from(
      { length: 2 + random(4) },
      () =>
        `${pick(['kubectl rollout status', 'git push origin', './scripts/run.sh', 'curl -fsS'])} ${pick(['$VERSION', '"$TARGET"', 'api'])} --timeout ${random(60)}s`,
    ),
    '```',
  ];
}

function metrics({ random, pick }: Tools): string[] {
  return [
    `**${pick(['System', 'Queue'])} metrics:**`,
    ...Array.from(
      { length: 3 + random(4) },
      () => `- ${pick(nouns)} depth (target: < ${random(900)}, alert: > ${900 + random(900)})`,
    ),
  ];
}

function quote({ pick }: Tools): string[] {
  return [
    `> **Point of no return:** the first ${pick(nouns)} written on the new side`,
    `> ${pick(verbs)} nothing after it without the lead.`,
  ];
}
