/** What is to be released, resolved: the thing that evidence is bound to. */
export interface Candidate {
  commit: string;
  version: string | null;
  url: string | null;
  environment: string;
  extra: { [key: string]: string };
}
