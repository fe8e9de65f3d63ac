import { shorten } from '../paper/line-marks.ts';
import type { Item } from '../paper/paper.ts';
import type { Hit, Rule } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';
import { type NotedPlace, placesOf } from './places.ts';

const halfSentence = /[a-z]\. ([a-z]{2,}(?: [a-z']+){5,})/;

/** A stretch of six words that stands again in another sentence, which begins without a capital: a paste that went wrong. */
function copiedHalf({ paper }: Subject): Hit[] {
  if (!paper.lines.some((line) => line.kind === 'text' && halfSentence.test(line.prose))) return [];
  const hits: Hit[] = [];
  const shingles = new Map<string, number>();
  for (const line of paper.lines) {
    if (line.kind !== 'text' && line.kind !== 'item') continue;
    const words = line.prose.toLowerCase().match(/[a-z']+/g) ?? [];
    for (let at = 0; at + 6 <= words.length; at += 1) {
      const key = words.slice(at, at + 6).join(' ');
      if (!shingles.has(key)) shingles.set(key, line.number);
    }
  }
  for (const line of paper.lines) {
    const match = line.kind === 'text' ? halfSentence.exec(line.prose) : null;
    const words = match?.[1]?.match(/[a-z']+/g) ?? [];
    const source = shingles.get(words.slice(0, 6).join(' '));
    if (match !== null && source !== undefined && source !== line.number)
      hits.push({
        line: line.number,
        column: line.column + match.index + 3,
        message: 'half of a sentence was copied from elsewhere',
        expected: 'a sentence of its own',
        got: shorten(match[1] ?? '', 50),
        hint: 'write what is meant here',
        related: [{ line: source, column: 1, note: 'the same words' }],
      });
  }
  return hits;
}

const normal = (text: string): string =>
  /`([^`]+)`/
    .exec(text)?.[1]
    ?.replace(/\b\d{8,}-/, '')
    .toLowerCase() ?? '';

function listedTwice({ paper, template }: Subject): Hit[] {
  if (template) return [];
  const seen = new Map<string, Item>();
  const places: NotedPlace[] = [];
  for (const item of paper.items) {
    const key = /^`[^`]+`/.test(item.text) ? normal(item.text) : '';
    if (key.length < 10 || !/[./]/.test(key)) continue;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, item);
    else if (before.box !== null || /\b\d{8,}-/.test(item.text))
      places.push({ line: item.line, column: item.column, note: `also in line ${before.line}` });
  }
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'item')} listed twice`,
    expected: 'each once, or a word on what is done in each place',
    got: places[0]?.note ?? '',
    hint: 'say which of the two places it belongs to; each will think that the other did it',
  });
}

/** Two numbered steps that make a request for the same file. */
function sameStepTwice({ paper }: Subject): Hit[] {
  const seen = new Map<string, Item>();
  for (const item of paper.items) {
    if (
      item.number === null ||
      item.parent !== null ||
      !/\b(?:create|open|send)\b.*\b(?:pr|pull request)\b/i.test(item.text)
    )
      continue;
    const file = /\b([A-Z][A-Za-z]*\.(?:md|txt|toml|ya?ml|json))\b/.exec(item.text)?.[1];
    if (file === undefined) continue;
    const key = `${item.section.index} ${file}`;
    const before = seen.get(key);
    if (before !== undefined && before.number !== item.number)
      return [
        {
          line: item.line,
          column: item.column,
          message: `two steps open a pull request for ${file}`,
          expected: 'one step, or a word on the difference',
          got: shorten(item.text, 50),
          hint: 'join them, or say what each of them changes',
          related: [{ line: before.line, column: before.column, note: shorten(before.text, 40) }],
        },
      ];
    seen.set(key, item);
  }
  return [];
}

function noDate({ paper }: Subject): Hit[] {
  return paper.fields
    .filter(
      (field) =>
        /^(?:date|last updated|updated|as of|reviewed)$/i.test(field.key) &&
        /\b(?:current session|today|now|recently|this week|latest|yesterday)\b/i.test(field.value),
    )
    .map((field) => ({
      line: field.line,
      column: field.column,
      message: 'the date is not a date',
      expected: 'YYYY-MM-DD',
      got: field.value.trim(),
      hint: 'write the day: nobody will know tomorrow when "now" was',
    }));
}

function sizeClaims({ paper }: Subject): Hit[] {
  const places = placesOf(paper, /\(?~\s?\d{2,}[\d,]*\+? (?:lines|pages|words)\)?|\b\d{3,}\+ lines\b/i);
  return gatherPlaces({
    places,
    message: 'the size of a document is claimed instead of its content',
    expected: 'a link to the document',
    got: places[0]?.note ?? '',
    hint: 'link it: a size proves neither that it exists nor what it says',
  });
}

/** What was copied, listed twice or claimed by its size. */
export const copyRules: Rule[] = [
  {
    code: 'copied-half-sentence',
    severity: 'info',
    summary: 'Half of a sentence was copied into another one.',
    why: 'The instruction it replaced is lost.',
    fires:
      '# R\n\nStart by checking how many alerts are in flight right now\n\nCheck how many targets are not scraped. alerts are in flight right now, to do this:\n',
    silent: '# R\n\nStart by checking how many alerts are in flight right now.\n\nCheck targets.\n',
    check: copiedHalf,
  },
  {
    code: 'item-listed-twice',
    severity: 'info',
    summary: 'One file is listed as an item twice.',
    why: 'Each of the two milestones believes that the other did it.',
    fires: '# R\n\n## A\n\n- [ ] `scripts/build/upload.sh`\n\n## B\n\n- [ ] `scripts/build/upload.sh`\n',
    silent: '# R\n\n## A\n\n- [ ] `scripts/build/upload.sh`\n\n## B\n\n- [ ] `scripts/build/tags.sh`\n',
    check: listedTwice,
  },
  {
    code: 'same-step-twice',
    severity: 'info',
    summary: 'Two steps open a pull request for the same file.',
    why: 'Somebody does it twice, or waits for the other one.',
    fires: '# Release\n\n1. Create a PR to update CHANGELOG.md\n2. Open a pull request to update CHANGELOG.md\n',
    silent: '# Release\n\n1. Create a PR to update CHANGELOG.md\n2. Open a pull request to update README.md\n',
    check: sameStepTwice,
  },
  {
    code: 'date-is-no-date',
    severity: 'warning',
    summary: 'A date field holds words such as "current session".',
    why: 'Evidence without a day is evidence of nothing.',
    fires: '# P\n\n**Last Updated**: Current Session\n',
    silent: '# P\n\n**Last Updated**: 2026-01-02\n',
    check: noDate,
  },
  {
    code: 'size-claimed',
    severity: 'info',
    summary: 'A document is described by its size.',
    why: 'Nine hundred lines were claimed for a guide that was in no commit.',
    fires: '# P\n\n1. **GUIDE.md** (~900 lines)\n',
    silent: '# P\n\n1. [GUIDE.md](https://example.org/guide)\n',
    check: sizeClaims,
  },
];
