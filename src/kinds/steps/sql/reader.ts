import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Fence, ReadSpec, SpecFault } from '../../../core/check/check.ts';
import { listTemplates } from '../../../core/step/list-templates.ts';
import type { Effect, ReadStepFence, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { hasPassword, readConnection } from '../../checks/sql/read-connection.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { readStepAttributes, toFenceFaults } from '../step-fence.ts';
import { describeStatement, findWriteFault, splitStatements } from './scan-write.ts';
import { sqlStepSchema } from './schema.ts';
import type { SqlStepSpec } from './schema.ts';

/** The pure half of the step kind `sql`. */
export const sqlStepReader: StepReader = {
  kind: 'sql',
  summary: 'Runs statements in one transaction of Postgres, MySQL, MariaDB or SQLite, at most once.',
  jsonSchema: toJsonSchema(sqlStepSchema),
  readSpec: (written) => readStepSchema(sqlStepSchema, written, findFaults),
  fenceLanguages: ['sql'],
  readFence,
  actionClass: () => 'medium_modify',
  listEffects,
  undoSpec: (spec) => {
    const { undo, url, password, timeout, ledger } = spec as unknown as SqlStepSpec;
    if (undo === undefined) return null;
    const read = readSpec({ url, password, timeout, ledger, statements: undo });
    return read.ok ? read.spec : null;
  },
};

function readSpec(written: JsonValue): ReadSpec {
  return readStepSchema(sqlStepSchema, written, findFaults);
}

function findFaults({ url, on, statements, values, undo = [] }: SqlStepSpec): SpecFault[] {
  const faults = [...textFaults(statements, 'statements'), ...textFaults(undo, 'undo')];
  if (on !== undefined)
    faults.push({ path: ['on'], expected: 'either on or url', got: `on ${on}`, hint: 'remove one of the two' });
  // A template in the host or path is filled in later, so only a whole url can be read now; a password is refused in both.
  const read = url.includes('{{') && !hasPassword(url) ? null : readConnection(url);
  if (read !== null && !read.ok) {
    const hint = hasPassword(url) ? 'keep it as a secret: password: {{ secret "shop/db" }}' : read.hint;
    faults.push({ path: ['url'], expected: read.expected, got: read.got, hint });
  }
  if (values.length > 0 && statements.length > 1)
    faults.push({ path: ['values'], expected: 'one statement', got: `${statements.length}`, hint: 'split the step' });
  if (listTemplates([url, ...values]).some(({ kind }) => kind === 'secret'))
    faults.push({ path: ['values'], expected: 'values that may be recorded', got: 'a secret', hint: 'leave it out' });
  return faults;
}

function textFaults(statements: readonly string[], key: string): SpecFault[] {
  return statements.flatMap((statement, index): SpecFault[] => {
    const fault = findWriteFault(statement);
    if (fault !== null) return [{ path: [key, index], ...fault }];
    if (!statement.includes('{{')) return [];
    const hint = 'write a placeholder ($1 in Postgres, ? elsewhere) and put the template into values';
    return [{ path: [key, index], expected: 'a statement without templates', got: statement.slice(0, 60), hint }];
  });
}

/** Reads a fence in the language `sql`: its statements in one transaction; the attributes are the other keys that are texts or numbers. */
function readFence(fence: Fence): ReadStepFence {
  const own = readStepAttributes(fence, ['url', 'on', 'password', 'timeout', 'ledger', 'expectRows']);
  if (!own.ok) return own;
  const read = readSpec({ ...own.spec, statements: splitStatements(fence.text) });
  return read.ok ? read : toFenceFaults(read.faults, ['statements']);
}

function listEffects(spec: JsonObject): Effect[] {
  const { url, statements, ledger } = spec as unknown as SqlStepSpec;
  const effects = statements.map((statement): Effect => {
    const { does, verb, object } = describeStatement(statement);
    return { does, target: `${url} ${object}`, text: `runs ${verb} on ${object}, with the others in one transaction` };
  });
  if (ledger === 'no') return effects;
  const text = 'keeps the key of the step, so that a repeat changes nothing, and makes the table where there is none';
  return [...effects, { does: 'write', target: `${url} tminus_applied`, text }];
}
