/** Something that was done to the shop of the demo, with what the program said. */
export interface DemoDeed {
  title: string;
  command: string;
  output: string;
  exit: number;
}

/** A person of the demo whom whoever watches can be. */
export interface DemoPerson {
  person: string;
  name: string;
  roles: string[];
}

/** What only the demo has: its people can be anybody who sits before it, and its shop can be mended and spoiled by a button. */
export interface DemoDesk {
  launch: string;
  people: readonly DemoPerson[];
  /** Everything done to the shop so far, oldest first. */
  deeds(): readonly DemoDeed[];
  /** Whether what the first decision names has been mended. */
  isFixed(): boolean;
  fix(): Promise<void>;
  /** When the new shop was mended for its customers, as a new candidate; null before. */
  mendedAt(): string | null;
  /** Mends what only customers saw. Evidence, drills and votes of the candidate before count for it no more. */
  mend(): Promise<void>;
  /** Makes one order of the new shop wrong, for whoever wants to see it found. */
  spoil(): Promise<void>;
  /** Signs in as a person: cookies of a new session, and the key file that the launch declares for them. */
  become(person: string): Promise<{ cookies: string[]; key: string; privateKeyPem: string } | null>;
}
