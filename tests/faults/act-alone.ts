import { closeSync, openSync } from 'node:fs';

import type { JsonObject } from '@tminus/verify';

import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepContext } from '../contract/step-context.ts';

/** A step of a kind of the product, as a document would say it. */
export interface WrittenStep {
  kind: string;
  written: JsonObject;
}

/** What a process is told to do. */
export interface AloneOrder {
  steps: WrittenStep[];
  allow: string[];
  workspace: string;
  /** Carries the steps out twice: while not one more file can be opened, and afterwards. */
  withoutDescriptors?: boolean;
}

/** How a step ended there. */
export interface AloneEnd {
  outcome: string;
  detail: string;
}

// A process of its own: the system reads the addresses of its name servers once per process, and limits are those of a process.
const { steps, withoutDescriptors, ...surroundings } = JSON.parse(process.argv[2]!) as AloneOrder;
const ends: AloneEnd[] = [];
if (withoutDescriptors === true) {
  const taken = takeDescriptors();
  ends.push(...(await actAll()));
  for (const descriptor of taken) closeSync(descriptor);
}
ends.push(...(await actAll()));
process.stdout.write(JSON.stringify(ends));
// A question to a name server that is silent cannot be taken back, and would keep the process.
process.exit();

function actAll(): Promise<AloneEnd[]> {
  return Promise.all(
    steps.map(async ({ kind: name, written }) => {
      const kind = stepKinds.find((each) => each.kind === name)!;
      const read = kind.readSpec(written);
      if (!read.ok) throw new Error(JSON.stringify(read.faults));
      const { outcome, detail } = await kind.run(read.spec, stepContext(surroundings).context);
      return { outcome, detail };
    }),
  );
}

function takeDescriptors(): number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch {
    return taken;
  }
}
