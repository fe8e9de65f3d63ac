/** Returns the environment variable that carries the value of `{{ name }}`: `candidate.url` in TMINUS_CANDIDATE_URL. */
export function toVariableName(name: string): string {
  return `TMINUS_${toWord(name)}`;
}

/** Returns the environment variable that carries the path of `{{ secret "name" }}`: `dns/key` in TMINUS_SECRET_DNS_KEY. */
export function toSecretVariableName(name: string): string {
  return `TMINUS_SECRET_${toWord(name)}`;
}

/** POSIX.1-2024 section 8.1: names of the environment are upper case, digits and underscores. */
function toWord(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
}
