import type { Environment } from '../../core/launch/launch.ts';
import { addProblem, hintFor } from './problem.ts';
import type { Problem } from './problem.ts';
import type { Keys } from './take-keys.ts';

const modes = ['off', 'test', 'on'] as const;

/** Returns whether messages to people leave from an environment, and where those of a test go. */
export function readComms(
  problems: Problem[],
  keys: Keys,
  { environment, production }: { environment: string; production: boolean },
): Pick<Environment, 'comms' | 'testMail' | 'testWebhook'> {
  const addresses = keys.list('testAddress');
  const testMail = addresses.find(({ text }) => /^[^\s@]+@[^\s@]+$/.test(text))?.text ?? null;
  const testWebhook = addresses.find(({ text }) => /^https?:\/\/\S+$/.test(text))?.text ?? null;
  for (const { text, at } of addresses) {
    if (text === testMail || text === testWebhook) continue;
    addProblem(problems, 'value_invalid', at, {
      message: `testAddress of environment ${environment} cannot be read`,
      expected: 'one mail address, one http URL, or a list of both',
      got: text,
      hint: 'write such as tests@shop.example',
    });
  }
  const comms = readMode(problems, keys, environment) ?? (production ? 'on' : 'off');
  if (comms === 'test' && addresses.length === 0)
    addProblem(problems, 'key_missing', keys.at('comms'), {
      message: `environment ${environment} does not say where messages of a test go`,
      expected: 'testAddress: with a mail address or a URL',
      got: 'none',
      hint: 'add testAddress, or write comms: off',
    });
  return { comms, testMail, testWebhook };
}

function readMode(problems: Problem[], keys: Keys, environment: string): Environment['comms'] | null {
  const text = keys.text('comms');
  if (text === null) return null;
  const mode = modes.find((known) => known === text) ?? null;
  if (mode === null)
    addProblem(problems, 'value_invalid', keys.at('comms'), {
      message: `comms of environment ${environment} cannot be read`,
      expected: modes.join(' | '),
      got: text,
      hint: hintFor(text, modes, 'write off, test or on'),
    });
  return mode;
}
