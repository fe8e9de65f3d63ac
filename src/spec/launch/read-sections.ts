import type { Phase, Procedure } from '../../core/launch/launch.ts';
import type { Draft, Scene } from './draft.ts';
import { outlineOf } from './outline.ts';
import type { Item, Section } from './outline.ts';
import { addProblem } from './problem.ts';
import { readDeclaration, reportMisspelledBlock } from './read-declaration.ts';
import { isGate, readGate } from './read-gate.ts';
import { offsetId, readOffset } from './read-offset.ts';
import { readOptions } from './read-options.ts';
import { readSteps } from './read-procedure.ts';
import type { Stage } from './read-procedure.ts';
import { readQuote } from './read-quotes.ts';
import { isRollbackFence, readRollback } from './read-rollback.ts';
import { phaseWords, readPhaseWords, readRunKeys, readRunWords, runWords, startProcedure } from './read-run-words.ts';
import { readScenarios } from './read-scenarios.ts';
import { readTable } from './read-tables.ts';
import { nameIt, takeAttributes } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';
import type { Keys } from './take-keys.ts';

const titles: readonly { kind: Procedure['kind']; pattern: RegExp }[] = [
  { kind: 'rollback', pattern: /^(?:roll[ -]?back|back[ -]?out|undo)\b/i },
  { kind: 'runbook', pattern: /^(?:runbook|t-minus runbook|run of show|cutover steps)\b/i },
  { kind: 'procedure', pattern: /^(?:procedure|sop|standard operating procedure)\b/i },
];
/** A fence that takes the id of its item. */
const declaration = /^ya?ml (?:dataset|rollout|metric)\b/i;
const stage = /^(?:stage|phase)\s*[:–—-]\s*/i;

/** A document that is a procedure as a whole, by its front matter. */
export interface WholeProcedure {
  kind: Procedure['kind'];
  id: string | null;
  title: string | null;
  keys: Keys;
}

/** Reads everything that the headings, lists, tables, fences and quotes of one document declare. `whole` is set where the document itself is a procedure. */
export function readSections(scene: Scene, whole: WholeProcedure | null): string {
  const sections = outlineOf(scene.document, scene.draft.problems);
  const heading = sections.find(({ level }) => level === 1)?.title.text ?? '';
  const reading = new SectionReading(scene, sections);
  if (whole !== null) reading.openWhole(whole, heading);
  for (const section of sections) reading.read(section);
  return heading;
}

/** Where the reader of a document stands: the gate, the procedure and the phase that the next section belongs to. */
class SectionReading {
  readonly #scene: Scene;
  readonly #sections: readonly Section[];
  readonly #phases = new Map<Section, string>();
  readonly #procedures = new Map<Section, Procedure>();
  readonly #gates = new Set<Section>();
  #whole: Procedure | null = null;

  constructor(scene: Scene, sections: readonly Section[]) {
    this.#scene = scene;
    this.#sections = sections;
  }

  openWhole(whole: WholeProcedure, heading: string): void {
    const { draft, document } = this.#scene;
    const title = whole.title ?? heading;
    const at = document.place(0);
    const attributes = whole.id === null ? null : { id: { value: whole.id, at }, values: new Map(), at };
    this.#whole = this.#open({
      id: nameIt(draft, { attributes, title, family: 'item', what: 'procedure', at }),
      title,
      kind: whole.kind,
      ...startProcedure(),
      at,
    });
    readRunKeys(draft, this.#whole, whole.keys);
  }

  read(section: Section): void {
    if (this.#isInGate(section)) return this.#readBlocks(section);
    if (isGate(section)) return this.#readGate(section);
    const phase = this.#readPhase(section);
    const procedure = this.#procedureOf(section);
    if (phase !== null && procedure !== null) readPhaseWords(this.#scene.draft, section, { ...phase, procedure });
    if (procedure === null) this.#refuseOwnerless(section.items);
    else readSteps(this.#scene, procedure, [this.#stageOf(section)]);
    if (procedure !== null) readRollback(this.#scene, procedure, section.fences);
    readScenarios(this.#scene, section);
    readOptions(this.#scene, section);
    this.#readBlocks(section, procedure !== null);
  }

  #readGate(section: Section): void {
    this.#gates.add(section);
    const below = this.#sections.filter((other) => other !== section && this.#encloses(section, other));
    readGate(this.#scene, section, below);
    this.#readBlocks(section);
  }

  #isInGate(section: Section): boolean {
    return section.parent !== null && (this.#gates.has(section.parent) || this.#isInGate(section.parent));
  }

  #encloses(outer: Section, inner: Section): boolean {
    return inner.parent !== null && (inner.parent === outer || this.#encloses(outer, inner.parent));
  }

  /** Keeps the phase that a heading names; returns what its braces say about the count, where they say something. */
  #readPhase(section: Section): { taken: Taken; offsetMs: number | null } | null {
    const { draft } = this.#scene;
    const { text, attributes } = section.title;
    const named = stage.test(text);
    const offset = readOffset(text);
    const kind = this.#kindOf(section);
    if ((offset === null && !named) || section.level === 0 || section.level === 1) {
      if (kind === null) takeAttributes(draft, attributes, 'this heading', isScenario(text) ? ['proof'] : []);
      return null;
    }
    const offsetMs = named ? null : (offset?.ms ?? null);
    this.#phases.set(section, keepPhase(draft, section, offsetMs));
    return { taken: takeAttributes(draft, attributes, 'a phase', phaseWords), offsetMs };
  }

  #stageOf(section: Section): Stage {
    for (let above: Section | null = section; above !== null; above = above.parent) {
      const phase = this.#phases.get(above);
      if (phase !== undefined) return { section, phase };
    }
    return { section, phase: null };
  }

  #kindOf(section: Section): Procedure['kind'] | null {
    return titles.find(({ pattern }) => pattern.test(section.title.text) && section.level > 1)?.kind ?? null;
  }

  /** The procedure of the nearest heading that opens one; numbered items under a phase outside of any belong to the runbook. */
  #procedureOf(section: Section): Procedure | null {
    const kind = this.#kindOf(section);
    if (kind !== null && !this.#phases.has(section)) return this.#openSection(section, kind);
    for (let above: Section | null = section; above !== null; above = above.parent) {
      const procedure = this.#procedures.get(above);
      if (procedure !== undefined) return procedure;
    }
    if (this.#whole !== null) return this.#whole;
    const counts = phaseWords.some((word) => section.title.attributes?.values.has(word) === true);
    return this.#stageOf(section).phase === null || !(counts || section.items.some(({ ordered }) => ordered))
      ? null
      : this.#runbook(section);
  }

  #openSection(section: Section, kind: Procedure['kind']): Procedure {
    const { draft } = this.#scene;
    const { text: title, attributes } = section.title;
    const taken = takeAttributes(draft, attributes, 'a procedure', ['kind', ...runWords]);
    const id = nameIt(draft, { attributes, title, family: 'item', what: 'procedure', at: section.at });
    const procedure = this.#open({
      id,
      title,
      kind: taken.word('kind', ['runbook', 'rollback', 'procedure']) ?? kind,
      ...startProcedure(),
      at: section.at,
    });
    readRunWords(draft, procedure, taken);
    this.#procedures.set(section, procedure);
    return procedure;
  }

  #runbook(section: Section): Procedure {
    const { launch } = this.#scene.draft;
    return (
      launch.procedures.find(({ id }) => id === 'runbook') ??
      this.#open({ id: 'runbook', title: 'Runbook', kind: 'runbook', ...startProcedure(), at: section.at })
    );
  }

  #open(procedure: Procedure): Procedure {
    this.#scene.draft.launch.procedures.push(procedure);
    return procedure;
  }

  #readBlocks(section: Section, isOfProcedure = false): void {
    const { text, attributes } = section.title;
    const owner = { id: attributes?.id?.value ?? null, title: text };
    for (const fence of section.fences.filter((one) => !isOfProcedure || !isRollbackFence(one))) {
      readDeclaration(this.#scene, fence, owner);
      reportMisspelledBlock(this.#scene, fence);
    }
    for (const table of section.tables) readTable(this.#scene, table);
    for (const quote of section.quotes) readQuote(this.#scene, quote);
    for (const item of section.items) this.#readItemBlocks(item);
  }

  #readItemBlocks(item: Item): void {
    for (const table of item.tables) readTable(this.#scene, table);
    for (const quote of item.quotes) readQuote(this.#scene, quote);
    for (const nested of item.items) this.#readItemBlocks(nested);
  }

  /** Braces on an item that is neither step nor criterion would be lost in silence. */
  #refuseOwnerless(items: readonly Item[]): void {
    for (const { title, items: nested, fences } of items) {
      const names = fences.some((fence) => declaration.test(`${fence.lang ?? ''} ${fence.meta ?? ''}`));
      if (title.attributes !== null && !names && !/\bgiven\b/i.test(title.text)) {
        addProblem(this.#scene.draft.problems, 'attribute_ownerless', title.attributes.at, {
          message: 'this item is neither a step nor a criterion, so its braces mean nothing',
          expected: 'a heading such as "Gate: ..." or "Runbook" above it',
          got: short(title.text),
          hint: 'move the item under a gate or a runbook, or remove the braces',
        });
      }
      for (const fence of fences)
        readDeclaration(this.#scene, fence, { id: title.attributes?.id?.value ?? null, title: title.text });
      this.#refuseOwnerless(nested);
    }
  }
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function isScenario(title: string): boolean {
  return /^scenario\b/i.test(title);
}

/** Headings with one offset are one phase, whichever document they stand in. */
function keepPhase(draft: Draft, section: Section, offsetMs: number | null): string {
  const { launch } = draft;
  const { text, attributes } = section.title;
  const written = attributes?.id ?? null;
  const same = launch.phases.find((phase) =>
    written === null ? offsetMs !== null && phase.offsetMs === offsetMs : phase.id === written.value,
  );
  if (same !== undefined && same.offsetMs === offsetMs) return same.id;
  const title = offsetMs === null ? text.replace(stage, '') : text;
  const id =
    offsetMs !== null && written === null
      ? offsetId(offsetMs)
      : nameIt(draft, { attributes, title, family: 'phase', what: 'phase', at: section.at });
  const phase: Phase = { id, title, offsetMs, at: section.at };
  launch.phases.push(phase);
  return id;
}
