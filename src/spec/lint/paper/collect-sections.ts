import type { Section } from './paper.ts';
import type { ScannedLine } from './scan-lines.ts';

const headingWords = /^(?=.{3,70}$)(?:[A-Z0-9[].*[^.,;:!?]|Scenario: .+)$/;

/**
 * Turns the short lines that stand alone in a text copy of a web page into headings, because the copy lost the marks. Levels are
 * lost, too: a scenario stands under its heading, everything else beside it.
 */
export function markPlainHeadings(lines: ScannedLine[]): void {
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'text' || line.indent > 0 || line.quoted || !headingWords.test(line.text)) continue;
    const alone = isBlank(lines[index - 1]) && isBlank(lines[index + 1]);
    if (!alone || line.text.includes('://') || line.text.split(' ').length > 10) continue;
    line.kind = 'heading';
    line.level = line.text.startsWith('Scenario') ? 3 : 2;
  }
}

function isBlank(line: ScannedLine | undefined): boolean {
  return line === undefined || line.kind === 'blank';
}

/** Returns the sections of a document and hangs each line under its own. */
export function collectSections(lines: ScannedLine[]): Section[] {
  const preamble: Section = { index: 0, title: '', level: 0, line: 1, column: 1, end: lines.length, parent: null };
  const sections = [preamble];
  const open = [preamble];
  for (const line of lines) {
    if (line.kind === 'heading') {
      while (open.length > 1 && (open.at(-1)?.level ?? 0) >= line.level) close(open, line.number - 1);
      const title = line.text.replace(/\s+\{[^}]*\}\s*$/, '').trim();
      const parent = open.at(-1) ?? preamble;
      const section = {
        index: sections.length,
        title,
        level: line.level,
        line: line.number,
        column: line.column,
        end: lines.length,
        parent,
      };
      sections.push(section);
      open.push(section);
    }
    line.section = open.at(-1) ?? preamble;
  }
  return sections;
}

function close(open: Section[], end: number): void {
  const section = open.pop();
  if (section !== undefined) section.end = end;
}
