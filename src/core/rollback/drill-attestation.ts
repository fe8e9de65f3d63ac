/** A person's signed word that they watched one drill from its beginning to its end, and that it went as its record says. */
export interface DrillAttestation {
  format: 'tminus/drill-attestation/1';
  launch: string;
  planHash: string;
  environment: string;
  procedure: string;
  /** Id of the drill, and the SHA-256 of its report in RFC 8785 form: a word about another record is none about this one. */
  drill: string;
  reportSha256: string;
  person: string;
  comment: string;
  signedAt: string;
}

/** Whose word a drill needs, as the launch declares it: everybody who is declared, so that it can be told who is the same human. */
export interface Observers {
  /** Role or person that the way back names under `observer`. */
  asked: string;
  people: { id: string; key: string | null; human: string; automation: boolean; may: boolean }[];
}
