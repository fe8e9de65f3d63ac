import type { z } from 'zod';

import type { Launch } from '../../core/launch/launch.ts';
import type { DocumentBytes } from '../../spec/launch/read-launch.ts';
import type { Finding, Severity } from '../../spec/lint/finding.ts';
import type { documentLine } from './document-view.ts';

/** A document as a list tells it. */
export function toDocumentLine(
  { path, bytes }: DocumentBytes,
  findings: readonly Finding[],
  launch: Launch | null,
): z.input<typeof documentLine> {
  const text = Buffer.from(bytes).toString('utf8');
  const count = (of: Severity): number => findings.filter(({ severity }) => severity === of).length;
  return {
    path,
    title: /^#[ \t]+(.+?)[ \t]*(?:\{#[^}]*\})?[ \t]*$/mu.exec(text)?.[1] ?? null,
    kind: launch?.documents.find((one) => one.path === path)?.kind ?? null,
    lines: text.split('\n').length,
    blocking: count('blocking'),
    warning: count('warning'),
    info: count('info'),
  };
}
