import type { ScopeItem } from '../../core/scope/scope.ts';
import type { Scene } from './draft.ts';
import { readPlanOptions } from './read-options.ts';
import { plainText } from './read-title.ts';
import { nameIt } from './take-attributes.ts';
import { takeKeys } from './take-keys.ts';
import type { Written } from './written-yaml.ts';

const states: { [status: string]: ScopeItem['state'] } = { done: 'closed', cancelled: 'closed', deferred: 'deferred' };
const classes = ['critical', 'adjacent', 'post-launch', 'unsupported'] as const;

/**
 * Reads a plan file as a scope item. Its front matter is its team's own, so nothing in it is a problem; a plan that does not
 * say its class leaves it open, which the gates show.
 */
export function readPlan(scene: Scene, written: Written): void {
  const { draft, document } = scene;
  const keys = takeKeys([], { owner: document.path, written, known: [], open: true });
  const heading = document.tree.children.find((node) => node.type === 'heading');
  const name = document.path.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  const title = keys.text('title') ?? (heading === undefined ? name : plainText(heading, document));
  const at = document.place(heading ?? 0);
  const attributes = { id: { value: keys.text('id') ?? name, at }, values: new Map(), at };
  const state = states[keys.text('status') ?? ''] ?? 'open';
  const owner = keys.text('owner');
  const id = nameIt(draft, { attributes, title, family: 'scope item table', what: 'scope item', at });
  readPlanOptions(scene, id);
  draft.launch.scope.push({
    id,
    title,
    class: classes.find((known) => known === keys.text('class')) ?? null,
    state,
    owner,
    followUp: keys.text('follow-up'),
    userSees: keys.text('user-sees'),
    deferral: state === 'deferred' ? { owner, riskNote: keys.text('risk') } : null,
    highRisk: keys.flag('high-risk') ?? false,
    undoCriterion: null,
    at,
  });
}
