import type { SpecFault } from '../../../core/check/check.ts';
import { listTemplates } from '../../../core/step/list-templates.ts';
import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { notifySchema } from './schema.ts';
import type { NotifySpec } from './schema.ts';

/** The pure half of the step kind `notify`. */
export const notifyReader: StepReader = {
  kind: 'notify',
  summary: 'Tells people by webhook or mail, once every placeholder has a value.',
  jsonSchema: toJsonSchema(notifySchema),
  readSpec: (written) => readStepSchema(notifySchema, written, findFaults),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'medium_modify',
  listEffects: (spec) => {
    const { subject, webhook, mail } = spec as unknown as NotifySpec;
    const target = webhook?.url ?? mail?.to.join(', ') ?? '';
    const how = webhook === undefined ? 'mails' : 'posts';
    return [{ does: 'send', target, text: `${how} the message with the subject ${JSON.stringify(subject)}` }];
  },
  undoSpec: () => null,
};

function findFaults({ subject, text, webhook, mail }: NotifySpec): SpecFault[] {
  const faults: SpecFault[] = [];
  if ((webhook === undefined) === (mail === undefined))
    faults.push({
      path: [webhook === undefined ? 'webhook' : 'mail'],
      expected: 'webhook or mail',
      got: webhook === undefined ? 'none of them' : 'both',
      hint: 'make a step of its own of each channel',
    });
  // A message is kept and read by many: a secret in it is one no longer.
  const said = [subject, text, webhook?.url ?? '', mail?.from ?? '', ...(mail?.to ?? []), mail?.user ?? ''];
  for (const { name } of listTemplates(said).filter(({ kind }) => kind === 'secret'))
    faults.push({ path: ['text'], expected: 'no secret', got: `{{ secret "${name}" }}`, hint: 'leave it out' });
  if (mail !== undefined && (mail.user === null) !== (mail.password === null))
    faults.push({ path: ['mail'], expected: 'user and password', got: 'one of them', hint: 'give both, or none' });
  return faults;
}
