import { type CleanedText, cleanText, toCleaned, toRaw, toRawEnd } from './cleaned-text.ts';
import { buildKeywordAutomaton, findKeywords, type KeywordAutomaton } from './keyword-automaton.ts';
import type { MaskRule, RuleNeeds } from './rules/mask-rule.ts';
import { findNumbers, type SinkProfile } from './rules/personal-rules.ts';
import { type LineRule, lineRuleReach } from './rules/user-rule.ts';
import type { Span } from './span.ts';
import { squeezeText, type SqueezedText } from './squeeze.ts';

/** Rules by the keywords that call for them. */
export interface RuleSet {
  automaton: KeywordAutomaton;
  byKeyword: readonly { rules: MaskRule[]; lineRules: LineRule[]; beginsWord: boolean }[];
  /** Whose rules on personal numbers apply; null for none. */
  sink: SinkProfile | null;
}

/** What rules found, and from where on the end of a stream could still turn into something they find. */
export interface RuleFindings {
  spans: Span[];
  pendingFrom: number;
}

interface Search {
  cleaned: CleanedText;
  /** Where the last, unfinished line begins. */
  lastLine: number;
  /** Ends of what each rule has masked: a keyword within it needs no other try. */
  matchedUpTo: Map<MaskRule, number> | null;
  /** Ends of the stretches that each rule of a user has seen. */
  doneUpTo: Map<string, number> | null;
  /** The last `:` or `=` that was looked for, and from where. */
  assignment: { from: number; at: number };
  /** The last run of each class. */
  runs: Map<Uint8Array, { from: number; to: number }> | null;
  findings: RuleFindings;
}

/** How many characters of an unfinished line stay back: the longest number or local part of an address that could go on. */
const unfinishedTail = 160;
const longestLocalPart = 64;

/** The rules with one automaton over all of their keywords. */
export function buildRuleSet(
  rules: readonly MaskRule[],
  lineRules: readonly LineRule[],
  sink: SinkProfile | null,
): RuleSet {
  const keywords = new Map<string, { bytes: Uint8Array; rules: MaskRule[]; lineRules: LineRule[] }>();
  const entryOf = (keyword: string) => {
    const bytes = squeezeText(Buffer.from(keyword, 'utf8'));
    const key = Buffer.from(bytes).toString('latin1');
    const entry = keywords.get(key) ?? { bytes, rules: [], lineRules: [] };
    keywords.set(key, entry);
    return entry;
  };
  for (const rule of rules) for (const keyword of rule.keywords) entryOf(keyword).rules.push(rule);
  for (const rule of lineRules) for (const keyword of rule.keywords) entryOf(keyword).lineRules.push(rule);
  const byKeyword = [...keywords.values()].map((entry) => ({
    ...entry,
    beginsWord:
      entry.lineRules.length === 0 && entry.rules.every(({ before, needs }) => before === 0 && needs.boundary !== null),
  }));
  return { automaton: buildKeywordAutomaton(byKeyword.map(({ bytes }) => bytes)), byKeyword, sink };
}

/** Everything that is secret or personal by its shape. A rule is tried only where one of its keywords stands. */
export function findByRule({ automaton, byKeyword, sink }: RuleSet, raw: Buffer, text: SqueezedText): RuleFindings {
  const cleaned = cleanText(raw, text.hasControls);
  const lastLine = cleaned.text.lastIndexOf('\n') + 1;
  const tail = Math.max(lastLine, cleaned.text.length - unfinishedTail);
  const pendingFrom = tail < cleaned.text.length ? toRaw(cleaned, tail) : raw.length;
  const search: Search = {
    cleaned,
    lastLine,
    matchedUpTo: null,
    doneUpTo: null,
    assignment: { from: 0, at: -1 },
    runs: null,
    findings: { spans: [], pendingFrom },
  };
  findKeywords(automaton, text, (keyword, start) => {
    const at = toCleaned(cleaned, text.starts[start]!);
    const entry = byKeyword[keyword]!;
    if (entry.beginsWord && isAlphanumeric(cleaned.text.charCodeAt(at - 1))) return;
    for (const rule of entry.rules) tryRule(search, rule, at);
    for (const rule of entry.lineRules) tryLineRule(search, rule, at);
  });
  if (sink !== null) findNumbers(cleaned.text, sink, (id, from, to) => addSpan(search, id, { from, to }));
  return search.findings;
}

function tryRule(search: Search, rule: MaskRule, at: number): void {
  const { text } = search.cleaned;
  const from = at - rule.before;
  if (from < 0 || isDenied(search, rule.needs, { from, at }) || from < (search.matchedUpTo?.get(rule) ?? 0)) return;
  rule.pattern.lastIndex = from;
  const match = rule.pattern.exec(text);
  const end = match === null ? text.length : from + match[0].length;
  const isOpen = end >= text.length || (rule.closedBy !== null && match?.[0].endsWith(rule.closedBy) === false);
  if (isOpen && mayGoOn(search, rule, from)) hold(search, rule.extendsLeft === null ? from : from - longestLocalPart);
  if (match === null) return;
  const value = match[1] ?? match[0];
  const start = match[1] === undefined ? from : from + match[0].lastIndexOf(value);
  if (value.startsWith('[masked:') || rule.accepts?.(value) === false) return;
  const first = rule.extendsLeft === null ? start : extendLeft(text, start, rule.extendsLeft);
  if (rule.extendsLeft !== null && first === start) return;
  (search.matchedUpTo ??= new Map()).set(rule, start + value.length);
  addSpan(search, rule.id, { from: first, to: start + value.length });
}

/** Whether something that the pattern needs is not there, and no later text can bring it. */
function isDenied(
  search: Search,
  { boundary, assignmentWithin, value, run }: RuleNeeds,
  { from, at }: { from: number; at: number },
): boolean {
  const { text } = search.cleaned;
  if (boundary !== null && from > 0 && boundary[text.charCodeAt(from - 1)] === 1) return true;
  if (assignmentWithin > 0) {
    const assigned = nextAssignment(search, at);
    if (assigned - at > assignmentWithin) return true;
    return value !== null && isShort(search, value, valueStart(text, assigned));
  }
  if (run === null) return false;
  const start = at + run.distance;
  if (isShort(search, run, start)) return true;
  return run.isLast && isAlphanumeric(text.charCodeAt(start + run.least));
}

/** Whether fewer characters of the class stand here, and another one ends them. */
function isShort(search: Search, { members, least }: { members: Uint8Array; least: number }, start: number): boolean {
  const end = runEnd(search, members, start);
  return end - start < least && end < search.cleaned.text.length;
}

/** Behind `:`, `=`, `:=` or `=>`, blanks and a quote, escaped or not. */
function valueStart(text: string, assigned: number): number {
  let at = assigned + 1;
  const second = text.charCodeAt(at);
  if (second === 0x3d || second === 0x3e) at += 1;
  while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at += 1;
  if (text.charCodeAt(at) === 0x5c) at += 1;
  return text.charCodeAt(at) === 0x22 || text.charCodeAt(at) === 0x27 ? at + 1 : at;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Place of the first `:` or `=` at or behind `at`; the end of the text where there is none. Each is looked for once, since keywords come nearly in order. */
function nextAssignment({ cleaned: { text }, assignment }: Search, at: number): number {
  const isBehind = at > assignment.at;
  if (!isBehind && at >= assignment.from) return assignment.at;
  const limit = isBehind ? text.length : assignment.from;
  let next = at;
  while (next < limit && text.charCodeAt(next) !== 0x3a && text.charCodeAt(next) !== 0x3d) next += 1;
  if (isBehind || next < limit) assignment.at = next;
  assignment.from = at;
  return assignment.at;
}

/** Where the run of members that holds `at` ends; each run is walked through once. */
function runEnd(search: Search, members: Uint8Array, at: number): number {
  const { text } = search.cleaned;
  const known = search.runs?.get(members);
  if (known !== undefined && at >= known.from && at < known.to) return known.to;
  let to = at;
  while (to < text.length && members[text.charCodeAt(to)] === 1) to += 1;
  if (to > at) (search.runs ??= new Map()).set(members, { from: at, to });
  return to;
}

/** Whether text that is still to come could change what the rule says: the line, and the reach of the rule, have not ended. */
function mayGoOn({ cleaned, lastLine }: Search, rule: MaskRule, from: number): boolean {
  return (rule.crossesLines || from >= lastLine) && from + rule.before + rule.reach > cleaned.text.length;
}

function hold({ cleaned, findings }: Search, from: number): void {
  findings.pendingFrom = Math.min(findings.pendingFrom, toRaw(cleaned, Math.max(0, from)));
}

function extendLeft(text: string, start: number, characters: RegExp): number {
  let first = start;
  while (first > 0 && start - first < longestLocalPart && characters.test(text[first - 1]!)) first -= 1;
  return first;
}

/** A user's rule looks once at each stretch, however many keywords stand in it. */
function tryLineRule(search: Search, rule: LineRule, at: number): void {
  const { text } = search.cleaned;
  const done = search.doneUpTo?.get(rule.id) ?? 0;
  if (at < done) return;
  const from = Math.max(done, at - lineRuleReach, text.lastIndexOf('\n', at) + 1);
  const newline = text.indexOf('\n', at);
  const to = Math.min(at + lineRuleReach * 2, newline === -1 ? text.length : newline);
  if (to === text.length && newline === -1) hold(search, from);
  (search.doneUpTo ??= new Map()).set(rule.id, to === text.length || newline === to ? to : at + lineRuleReach);
  for (const found of rule.find(text.slice(from, to)))
    addSpan(search, rule.id, { from: from + found.from, to: from + found.to });
}

function addSpan({ cleaned, findings }: Search, label: string, { from, to }: { from: number; to: number }): void {
  if (to > from) findings.spans.push({ from: toRaw(cleaned, from), to: toRawEnd(cleaned, to), label });
}
