import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { mailoutStepSchema } from './schema.ts';
import type { MailoutStepSpec } from './schema.ts';

/** The pure half of the step kind `mailout`. Mail cannot be taken back, so that nothing undoes it. */
export const mailoutStepReader: StepReader = {
  kind: 'mailout',
  summary: 'Mails everybody whom a dataset names, each address once, or counts who would get it.',
  jsonSchema: toJsonSchema(mailoutStepSchema),
  readSpec: (written) => readStepSchema(mailoutStepSchema, written),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: (spec) => (spec['do'] === 'send' ? 'long_modify' : 'long_read'),
  listEffects: (spec) => {
    const { file, do: deed } = spec as unknown as MailoutStepSpec;
    const read = { does: 'read' as const, target: file, text: 'reads who is meant from its dataset, as it is then' };
    if (deed === 'dry-run') return [{ ...read, text: `${read.text}, and sends nothing` }];
    return [
      read,
      { does: 'send', target: file, text: 'sends the mail to each address that has not got it yet, one by one' },
    ];
  },
  undoSpec: () => null,
};
