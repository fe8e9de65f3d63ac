import type { StepAction } from '../launch/launch.ts';
import type { JsonObject } from '@tminus/verify';
import type { StepKind, StepReader } from './step-kind.ts';

/** What a step's action means: the kind that carries it out, and what it is asked to do. */
export interface StepWork<Kind extends StepReader = StepKind> {
  kind: Kind;
  spec: JsonObject;
}

/** Reads an action by the kinds there are; a text says why it cannot be carried out. */
export function findStepWork<Kind extends StepReader>(
  kinds: readonly Kind[],
  action: StepAction,
): StepWork<Kind> | string {
  if (action.spec !== null) {
    const kind = kinds.find((one) => one.kind === action.kind);
    return kind ? { kind, spec: action.spec } : unknownKind(kinds, action.kind);
  }
  const kind = kinds.find(({ fenceLanguages }) => fenceLanguages.includes(action.kind));
  if (!kind) return unknownKind(kinds, action.kind);
  const read = kind.readFence({ language: action.kind, attributes: action.attributes, text: action.text });
  if (read.ok) return { kind, spec: read.spec };
  const [fault] = read.faults;
  return `${action.kind} of the step: expected ${fault?.expected ?? 'a readable one'}, got ${fault?.got ?? 'none'}`;
}

function unknownKind(kinds: readonly StepReader[], got: string): string {
  return `kind of the step: expected one of ${kinds.map(({ kind }) => kind).join(', ')}, got ${got}`;
}
