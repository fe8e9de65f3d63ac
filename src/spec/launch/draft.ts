import type { Launch } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Document } from '../document/document.ts';
import type { LaunchReaders } from './launch-readers.ts';
import type { Problem } from './problem.ts';

/** What a reference may point at. */
export type Target =
  | 'step'
  | 'criterion'
  | 'step or criterion'
  | 'step or procedure'
  | 'role'
  | 'person'
  | 'role or person'
  | 'phase'
  | 'environment'
  | 'datastore'
  | 'router'
  | 'metric source'
  | 'secret'
  | 'procedure';

/** The name of something, used somewhere else; looked up when all documents are read. */
export interface Reference {
  /** `needs of step delta`: where the name is used. */
  use: string;
  target: Target;
  name: string;
  at: Place;
  /** True for a link in prose, which may lead anywhere. */
  optional?: boolean;
  /** Takes the id that the name stands for. */
  settle(id: string): void;
}

/** An id and what bears it, to find two of one name. */
export interface Bearer {
  id: string;
  /** Ids are unique within a family: steps, criteria, gates and procedures are one. */
  family: string;
  what: string;
  at: Place;
}

/** The launch while its documents are being read. */
export interface Draft {
  launch: Launch;
  references: Reference[];
  bearers: Bearer[];
  /** What a gate asks for that names no quorum or freshness of its own. */
  quorum: number;
  freshMs: number | null;
  /** True once the front matter has declared people: names outside it are unknown from then on. */
  declaresPeople: boolean;
  problems: Problem[];
  readers: LaunchReaders;
}

/** The draft and the document that is being read into it. */
export interface Scene {
  draft: Draft;
  document: Document;
}

/** Returns a launch that declares nothing yet. */
export function emptyLaunch(): Launch {
  return {
    id: '',
    title: '',
    owner: null,
    t0: null,
    environment: null,
    dependencies: [],
    candidate: null,
    people: [],
    roles: [],
    environments: [],
    secrets: [],
    phases: [],
    gates: [],
    procedures: [],
    scope: [],
    risks: [],
    metrics: [],
    scenarios: [],
    pointsOfNoReturn: [],
    stops: [],
    windows: [],
    datastores: [],
    datasets: [],
    imports: [],
    routers: [],
    metricSources: [],
    rollouts: [],
    objectives: [],
    declarations: [],
    documents: [],
  };
}
