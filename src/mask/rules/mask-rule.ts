/** Something secret by its shape. The pattern is tried only where a keyword stands. */
export interface MaskRule {
  /** What the mask calls it: `github-token`. */
  id: string;
  /** Literal text that every match has; letter case, white space and quotes do not matter. */
  keywords: readonly string[];
  /** Sticky and linear: every repetition is bounded, so one try costs at most `reach` characters. Group 1, if any, is what is masked. */
  pattern: RegExp;
  /** How many characters before its keyword a match begins. */
  before: number;
  /** Characters in front of the match that belong to it; at least one has to stand there. */
  extendsLeft: RegExp | null;
  /** How far behind its keyword a match can go on. */
  reach: number;
  /** Whether a match can go on in the next line. */
  crossesLines: boolean;
  /** What a whole match ends with; one that ends otherwise may still go on. Null where the pattern itself says when it is over. */
  closedBy: string | null;
  /** Looks at what would be masked; false lets it stand. */
  accepts: ((value: string) => boolean) | null;
  /** What the pattern asks for anyway and a look at a few bytes can deny: most keywords of hostile text end there. */
  needs: RuleNeeds;
}

/** Conditions without which a pattern cannot match. */
export interface RuleNeeds {
  /** None of these bytes stands before the match. */
  boundary: Uint8Array | null;
  /** A `:` or `=` stands at most so many characters behind the keyword; 0 where none is needed. */
  assignmentWithin: number;
  /** So many characters of a class stand behind the assignment and what may follow it: blanks and a quote. */
  value: { members: Uint8Array; least: number } | null;
  /** So many characters of a class stand at this distance from the keyword; where they end the match, no letter or digit follows. */
  run: { members: Uint8Array; distance: number; least: number; isLast: boolean } | null;
}

/** A rule on one line, without further conditions. */
export function toRule(id: string, keywords: readonly string[], pattern: RegExp): MaskRule {
  return {
    id,
    keywords,
    pattern,
    before: 0,
    extendsLeft: null,
    reach: 1024,
    crossesLines: false,
    closedBy: null,
    accepts: null,
    needs: { boundary: null, assignmentWithin: 0, value: null, run: null },
  };
}
