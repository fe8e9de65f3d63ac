import { bundleFiles } from './bundle-layout.ts';
import { held, VerifyFailure } from './bundle-state.ts';
import type { Step } from './bundle-state.ts';
import { openEnvelope } from './dsse.ts';
import { firstDifference } from './first-difference.ts';
import { readBundleText } from './read-bundle-text.ts';
import { toStatement } from './statement.ts';

/** Statement: signed by the log key, and exactly what this bundle gives; it also covers the text of the documents. */
export const checkStatement: Step = {
  id: 'statement',
  needed: true,
  code: 'statement_mismatch',
  hint: 'the signed statement is of another decision, or documents were changed after it was signed',
  run({ source, logKey, launchJson }) {
    const statement = openEnvelope(readBundleText(source, bundleFiles.statement), logKey, bundleFiles.statement);
    const wanted = toStatement({
      launchJson,
      candidateJson: readBundleText(source, bundleFiles.candidate),
      decisionJson: readBundleText(source, bundleFiles.decision),
      checkpoint: readBundleText(source, bundleFiles.checkpoint),
    });
    const found = firstDifference(wanted, statement);
    if (found !== null) {
      const where = `${bundleFiles.statement} ${found.path}`;
      const { expected, got } = found;
      throw new VerifyFailure({ code: 'statement_mismatch', where, expected, got, hint: this.hint });
    }
    return held('in-toto statement v1, signed by the log key');
  },
};
