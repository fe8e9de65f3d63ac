import { planStatuses } from '../../core/plan/plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Document } from '../document/document.ts';
import { readDocument } from '../document/read-document.ts';
import { plainText } from '../launch/read-title.ts';
import { takeKeys } from '../launch/take-keys.ts';
import type { Keys } from '../launch/take-keys.ts';
import { readYaml } from '../launch/written-yaml.ts';
import type { Written } from '../launch/written-yaml.ts';

const furtherKeys = ['depends', 'awaits', 'specs', 'upstream-specs', 'issues', 'pr'];

/**
 * Returns the plan that a document declares in its front matter (C01), or null where it is none: no front matter, or neither a known
 * status nor a key that only plans have. A status that nobody knows beside such a key reads as null, and so does front matter of a plan
 * that is no YAML: a plan that cannot be read is none that can be left out.
 */
export function readPlanFile(path: string, bytes: Uint8Array): Plan | null {
  const document = readDocument(path, bytes);
  const front = document.frontMatter;
  if (front === null || /^["']?tminus["']?[ \t]*:/m.test(front.text)) return null;
  const written = readYaml(front.text, { place: (offset) => document.place(front.offset + offset), problems: [] });
  if (written?.kind !== 'map')
    return /^(?:status|depends|awaits)[ \t]*:/m.test(front.text) ? unreadable(document) : null;
  const keys = takeKeys([], { owner: path, written, known: [], open: true });
  const status = planStatuses.find((known) => known === keys.text('status')) ?? null;
  const isPlan = status !== null || written.entries.some(({ key }) => furtherKeys.includes(key));
  return isPlan ? toPlan(document, keys, status) : null;
}

function unreadable(document: Document): Plan {
  const written: Written = { kind: 'map', entries: [], at: document.place(0) };
  return toPlan(document, takeKeys([], { owner: document.path, written, known: [], open: true }), null);
}

function toPlan(document: Document, keys: Keys, status: Plan['status']): Plan {
  const heading = document.tree.children.find((node) => node.type === 'heading');
  const id = stemOf(document.path);
  const list = (key: string): string[] => keys.list(key).map(({ text }) => text);
  return {
    id,
    title: keys.text('title') ?? (heading === undefined ? id : plainText(heading, document)),
    status,
    depends: list('depends').map(stemOf),
    awaits: list('awaits'),
    specs: list('specs'),
    upstreamSpecs: list('upstream-specs'),
    issues: list('issues'),
    pr: keys.text('pr'),
    reason: keys.text('reason') ?? keys.text('blocked-by'),
    at: document.place(heading ?? 0),
  };
}

/** `plans/read-api.md` is `read-api`, as a plan file and as what another one depends on. */
function stemOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.(?:md|markdown)$/i, '');
}
