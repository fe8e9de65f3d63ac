/** Returns documents of about 100 lines each, as teams write them: headings, prose, checklists, tables, commands, links. No two are equal. */
export function workDocuments(count: number): { path: string; bytes: Uint8Array }[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `docs/d${index}.md`,
    bytes: new TextEncoder().encode(documentText(index)),
  }));
}

function documentText(seed: number): string {
  const parts = [
    `# Runbook ${seed}: move the shop to its new home\n`,
    `Owner: **team-${seed % 7}**. Depends on: #${seed}. See [the plan](d${(seed + 1) % 1000}.md#t-7d).\n`,
  ];
  for (let part = 0; part < 4; part += 1) {
    const day = 7 - part * 2;
    parts.push(
      `## T-${day} days: stage ${part} of ${seed}\n`,
      `The *legacy* side stays as it is until the switch; \`stage-${part}\` takes about ${seed % 50} minutes\nand needs ${part + 2} people, one of them from the data team.\n`,
    );
    parts.push(
      [1, 2, 3]
        .map(
          (step) =>
            `${step}. Step ${step} of stage ${part}: run \`job-${seed}-${step}\` and compare with **${step * 100}** rows`,
        )
        .join('\n'),
      '',
    );
    parts.push(
      `   \`\`\`bash
   ./bin/move --from legacy --to target --batch ${seed}
   ./bin/count orders
   \`\`\`
`,
    );
    parts.push(
      [
        `- [x] Backup of ${seed} taken (1.${part} GB)`,
        '- [ ] Restore drill on staging',
        '- [ ] [HUMAN] Support knows the new screens',
      ].join('\n'),
      '',
    );
    parts.push(
      '| Metric | Target | Alert |\n|---|---|---|',
      `| error rate | < 0.${part + 1} % | > 1 % |`,
      `| p95 latency | < ${200 + seed} ms | > 1 s |\n`,
    );
    parts.push(`> **Stop if:** the error rate stays above ${part + 1} % for five minutes\n`);
  }
  return parts.join('\n');
}

/** Returns a launch document with gates of ten criteria each, and a runbook of steps that wait for each other. */
export function launchText(gates: number, steps: number): string {
  const head =
    '---\ntminus: launch\nid: bench\nt0: 2026-12-05T14:00:00Z\nroles: { lead: [alice], second: [bob] }\n---\n\n# Bench\n';
  const runbook = Array.from(
    { length: steps },
    (_, step) => `1. Step ${step} {#s${step} role=lead${step > 0 ? ` needs=s${step - 1}` : ''}}`,
  );
  return `${head}\n${Array.from({ length: gates }, (_, index) => gateText(index)).join('\n')}\n## Runbook\n\n### T-0 Switch\n\n${runbook.join('\n')}\n`;
}

function gateText(index: number): string {
  const criteria = Array.from(
    { length: 10 },
    (_, item) =>
      `- [ ] Answer ${item} of ${index} {#g${index}-c${item} fresh=15m}\n\n  \`\`\`http\n  GET https://shop.example/${index}/${item}\n\n  expect status == 200\n  \`\`\`\n`,
  );
  return `## Gate: ready for T-${index}d {#g${index} quorum=2}\n\n${criteria.join('\n')}`;
}
