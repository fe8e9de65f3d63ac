import type { JsonObject } from '@tminus/verify';

import type { CheckReader } from '../../src/core/check/check.ts';
import { actionClasses } from '../../src/core/procedure/action-classes.ts';
import type { StepReader } from '../../src/core/step/step-kind.ts';
import { toKeyRows } from './key-rows.ts';
import { generatedBy, toTable } from './page.ts';
import { readStepExample, stepExampleOf, stepProseOf } from './step-examples.ts';

const introduction = `# Step kinds

${generatedBy}

What a machine does in a step stands in a fence under it: \`\`\`yaml step with \`kind:\` and the keys of the kind, or a fence in the kind's own language. Words such as \`timeout=\`, \`interrupted=\` and
\`retries=\` concern the step, whatever its kind: see [Words of a step](launch-document.md#words-of-a-step). A step of people, \`[HUMAN]\`, has no fence.

Texts may hold values (\`{{ candidate.url }}\`, \`{{ environment.id }}\`, \`{{ launch.id }}\`) and, where the kind says so, secrets (\`{{ secret "shop/db" }}\`):
[How do I give a step its secrets?](../guide/how-do-i-give-a-step-its-secrets.md)

**Effects** are what \`tminus run --dry-run\` lists, and what an approval is bound to. **Class** decides the limits of a step that names none: [Classes](#classes).`;

/** What the page is made from. */
export interface StepsPage {
  checks: readonly CheckReader[];
  steps: readonly StepReader[];
}

/** The reference page of all step kinds. Throws where an example is not a step of its kind, or would do nothing. */
export function toStepsPage(readers: StepsPage, classes: string): string {
  const index = toTable(
    ['kind', 'does'],
    readers.steps.map(({ kind, summary }) => [`[\`${kind}\`](#${kind})`, summary]),
  );
  const sections = readers.steps.map((reader) => toSection(reader, readers));
  return `${[introduction, index, ...sections, '## Classes', classes].join('\n\n')}\n`;
}

function toSection(reader: StepReader, readers: StepsPage): string {
  const example = stepExampleOf(reader.kind);
  const { kind, spec } = readStepExample(example, readers);
  if (kind !== reader.kind) throw new Error(`step kind ${reader.kind}: expected its example, got one of ${kind}`);
  return [
    `## ${kind}`,
    reader.summary,
    example,
    toTable(['key', 'value', 'default', ''], toKeyRows(reader, spec)),
    ...toLanguages(reader),
    toEffects(reader, spec),
    stepProseOf(kind).replaceAll(/^(#+ )/gm, '##$1'),
  ].join('\n\n');
}

function toLanguages({ fenceLanguages }: StepReader): string[] {
  if (fenceLanguages.length === 0) return [];
  const languages = fenceLanguages.map((language) => `\`${language}\``).join(' and ');
  return [`Fence language ${languages}; keys that are texts or numbers stand behind it as \`KEY=VALUE\`.`];
}

function toEffects(reader: StepReader, spec: JsonObject): string {
  const effects = reader.listEffects(spec);
  if (effects.length === 0) throw new Error(`step kind ${reader.kind}: expected effects of its example, got none`);
  const lines = effects.map(({ does, text }) => `\`${does}\`: ${text.replaceAll('\n', ' ')}`);
  const named = reader.actionClass(spec);
  const back = actionClasses[named].writes ? ' What takes it back is a step of its own, named by `undo=`.' : '';
  return `Effects of the example: ${lines.join('; ')}. Class \`${named}\`.${back}`;
}
