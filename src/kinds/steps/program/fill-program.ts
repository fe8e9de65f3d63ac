import { fillTemplates, valueOf } from '../../../core/step/fill-values.ts';
import type { Program } from './program.ts';

/**
 * Returns the program with values in its arguments, environment and input, and the paths of secrets in their place. In one pass, as no shell reads any of it: what came in
 * by a template stays as it is.
 */
export function fillProgram(
  program: Program,
  variables: { readonly [name: string]: string },
  paths: ReadonlyMap<string, string>,
): { ok: true; program: Program } | { ok: false; missing: string[] } {
  const { argv, env, stdin } = program;
  const filled = fillTemplates({ argv: [...argv], env: { ...env }, stdin }, (template) =>
    template.kind === 'secret' ? (paths.get(template.name) ?? null) : valueOf(template, variables),
  );
  return filled.ok ? { ok: true, program: { ...program, ...(filled.spec as Partial<Program>) } } : filled;
}
