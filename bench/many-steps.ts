/** A runbook of so many steps in phases of fifty: the first waits for a person, and everything else for the first. */
export function writeManySteps(count: number): string {
  const lines = [
    '## Runbook {deciders=lead}',
    '',
    '### T-1h Phase 1',
    '',
    '1. [HUMAN] Say go {#s1 role=lead proof=comment}',
  ];
  for (let place = 2; place <= count; place += 1) {
    if (place % 50 === 1)
      lines.push('', `### T-${60 - Math.floor((place * 50) / count)}m Phase ${Math.ceil(place / 50)}`, '');
    lines.push(
      `${((place - 1) % 50) + 1}. [HUMAN] Step ${place} of the cutover, with a name of usual length {#s${place} role=operator needs=s1 proof=comment}`,
    );
  }
  return `${lines.join('\n')}\n\n`;
}

/** The launch document with another runbook; what refers to the old one is left out. */
export function replaceRunbook(text: string, runbook: string): string {
  const [before = '', rest = ''] = text.split(/^## Runbook.*$/mu);
  const metrics = /^## Metrics[\s\S]*?(?=^## Scenarios)/mu.exec(rest)?.[0] ?? '';
  // The import of the orders names its way back, which stands behind the runbook.
  const back = '## Rollback\n\n1. Take it back {#take-back role=lead}\n\n';
  return `${before}${runbook}${back}${metrics}`;
}
