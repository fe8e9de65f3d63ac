/** Something understood, in the document's own words (cut), with its place. */
export interface Noted {
  text: string;
  line: number;
  column: number;
}

export interface NotedPhase extends Noted {
  /** Milliseconds from T-0; null for a stage with an order but no distance. */
  offsetMs: number | null;
  spelling: string;
}

export interface NotedCriterion extends Noted {
  /** What the author claims: a tick is a claim, never a result. `none` where there is no box at all. */
  box: 'open' | 'ticked' | 'none';
  human: boolean;
}

export interface NotedMetric extends Noted {
  target: string | null;
  alert: string | null;
}

export interface NotedDecision extends Noted {
  decision: 'go' | 'no-go' | 'conditional' | 'undecided';
}

export interface NotedScenario extends Noted {
  given: boolean;
  when: boolean;
  outcome: boolean;
}

export interface NotedOption extends Noted {
  recommended: boolean;
}

/** What lint understood of a document. Nothing here is a judgement; findings are. */
export interface Understanding {
  title: string;
  kind: 'launch' | 'runbook' | 'checklist' | 'plan' | 'document';
  /** A form to be filled: its open boxes are not open work and its blanks are no omissions. */
  template: boolean;
  status: Noted | null;
  phases: NotedPhase[];
  steps: Noted[];
  roles: Noted[];
  criteria: NotedCriterion[];
  humanGates: Noted[];
  dependencies: Noted[];
  scenarios: NotedScenario[];
  metrics: NotedMetric[];
  thresholds: Noted[];
  commands: Noted[];
  links: number;
  images: number;
  counts: Noted[];
  decisions: NotedDecision[];
  dates: Noted[];
  pointsOfNoReturn: Noted[];
  rollbacks: Noted[];
  stops: Noted[];
  options: NotedOption[];
  risks: Noted[];
  scope: Noted[];
  irreversible: Noted[];
}
