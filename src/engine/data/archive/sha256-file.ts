/** What the file beside an archive says. */
export interface RecordedSha256 {
  sha256: string;
  /** Key of the step that wrote it; null where it was no step. */
  step: string | null;
}

/** Returns the file that is kept beside an archive, in the form that `sha256sum` reads. */
export function toSha256File({ name, sha256, step }: RecordedSha256 & { name: string }): string {
  return `${sha256}  ${name}\n${step === null ? '' : `# for step ${step}\n`}`;
}

/** Returns what the file beside an archive says; null where it says no sha256. */
export function readSha256File(text: string): RecordedSha256 | null {
  const sha256 = /^[\da-f]{64}(?=\s)/u.exec(text)?.[0];
  return sha256 === undefined ? null : { sha256, step: /^# for step (.+)$/mu.exec(text)?.[1] ?? null };
}
