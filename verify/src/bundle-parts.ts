/** Everything that goes into a bundle. All JSON in its RFC 8785 form, without a newline at the end. */
export interface BundleParts {
  /** Source documents by their path in the launch repository, as they stand in Git. */
  documents: ReadonlyMap<string, Uint8Array>;
  launchJson: string;
  candidateJson: string;
  /** The decision; its digest must be sealed in one of the entries. */
  decisionJson: string;
  /** Every entry of the log up to the checkpoint, in order. */
  entries: readonly string[];
  /** Every source of every evidence record, by its SHA-256. */
  blobs: ReadonlyMap<string, Uint8Array>;
  /** Signed checkpoint over exactly these entries. */
  checkpoint: string;
  /** Verifier form of the log key, `name+id+base64`. */
  logKey: string;
  /** DSSE envelope with the statement about the decision. */
  statement: string;
}
