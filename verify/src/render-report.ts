import type { VerifyReport, VerifyStep } from './verify-report.ts';

const marks: { [state in VerifyStep['state']]: string } = {
  ok: 'ok         ',
  failed: 'FAILED     ',
  'not-checked': 'NOT CHECKED',
};

/** A report as plain lines: every step, what a reader should know besides, and one last line that says how it ended. */
export function renderReport(report: VerifyReport): string {
  const failed = report.steps.findIndex((step) => step.state === 'failed');
  const lines = report.steps.map((step, at) => {
    const head = `${marks[step.state]}  ${step.title}`;
    return failed >= 0 && at > failed ? head : `${head}\n             ${printable(step.detail)}`;
  });
  for (const caution of report.cautions) lines.push(`note         ${printable(caution)}`);
  return `${[...lines, '', ...renderVerdict(report)].join('\n')}\n`;
}

function renderVerdict({ verdict, decision, firstFault }: VerifyReport): string[] {
  if (firstFault !== null) {
    return [
      `DOES NOT HOLD: ${printable(firstFault.where)}`,
      `  expected  ${printable(firstFault.expected)}`,
      `  got       ${printable(firstFault.got)}`,
      `  next      ${firstFault.hint}`,
    ];
  }
  const about =
    decision === null
      ? ''
      : printable(
          `${decision.outcome === 'no-go' ? 'NO-GO' : decision.outcome.replaceAll('-', ' ').toUpperCase()} for gate ${decision.gate} (${decision.phase}) of ${decision.launch}, decided at ${decision.decidedAt}`,
        );
  if (verdict === 'verified') return [`VERIFIED: ${about}`];
  return [`NOT VERIFIED: nothing is wrong so far, but not everything could be checked; claimed: ${about}`];
}

/** Text out of a bundle may be hostile to a terminal. */
function printable(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, '?');
}
