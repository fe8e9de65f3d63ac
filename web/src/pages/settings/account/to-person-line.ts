/** The line of a launch document, among `people`, that declares a key for a person. A name that YAML could read as something else is quoted. */
export function toPersonLine({ person, name, key }: { person: string; name: string; key: string }): string {
  return `  ${person}: { name: ${toScalar(name)}, key: ${JSON.stringify(key)} }`;
}

/** Plain where it begins with a letter and holds nothing that means something inside braces (YAML 1.2.2 section 7.3.3). */
function toScalar(text: string): string {
  const isPlain = /^\p{L}[\p{L}\p{N} .'-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/iu.test(text);
  return isPlain && !text.endsWith(' ') ? text : JSON.stringify(text);
}
