import type { TemplateValues } from '../check/resolve-templates.ts';
import { toVariableName } from './to-variable-name.ts';

/** The known values of templates by the names of the variables in which programs get them. */
export function toVariables(values: TemplateValues): { [name: string]: string } {
  const known = [...values].filter((pair): pair is [string, string] => pair[1] !== null);
  return Object.fromEntries(known.map(([name, value]) => [toVariableName(name), value]));
}
