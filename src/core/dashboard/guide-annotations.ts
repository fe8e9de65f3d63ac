import type { GuideId } from './boards.ts';

/** Returns what an alert says of its guide: the document, and the command that runs it. */
export function toGuideAnnotations(guide: GuideId, alert: string): { guide: string; run: string } {
  return { guide: `guides/${guide}.md`, run: `tminus run guide-${guide} --as YOU --reason "${alert}"` };
}
