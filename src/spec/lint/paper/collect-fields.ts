import type { Field, Table } from './paper.ts';
import type { ScannedLine } from './scan-lines.ts';

const keyWords =
  /^(?:owner\w*|maintainer|assignees?|responsible|dri|contact|status|state|date|last[ _]updated|prepared|due|depends(?: on)?|blocks|blocked by|tags|labels|priority|milestone|related|decision|phase|timeline|version|id|title|issues?|pr|specs|review\w*|approv\w*|conditions?|overall|severity|goal|author|environment)\b/i;
const boldLabel = /^(?:\d+\.\s*)?\*\*([^*]{1,48}?)(:?)\*\*(:?)\s*(.*)$/;
const plainLabel = /^([A-Za-z][\w /-]{1,30}):\s+(\S.*)$/;

/** Returns what the document says about itself as label and value, wherever and however it says so. */
export function collectFields(lines: readonly ScannedLine[], tables: readonly Table[], plain: boolean): Field[] {
  const fields = frontFields(lines);
  if (plain) fields.push(...plainFrontFields(lines));
  for (const line of lines) {
    if (line.kind !== 'text' && line.kind !== 'item') continue;
    const field = readLabel(line);
    if (field !== null) fields.push(field);
    if (line.raw.includes('<td')) fields.push(...htmlFields(line));
  }
  for (const table of tables) {
    if (
      table.header.length !== 2 ||
      !/^(?:field|item|key|property|attribute|what|aspect)?$/i.test(table.header[0]?.text ?? 'x')
    )
      continue;
    for (const [key, value] of table.rows) {
      if (key !== undefined && value !== undefined) {
        fields.push({
          key: key.text.replace(/\*\*/g, ''),
          value: value.text,
          line: value.line,
          column: value.column,
          section: table.section,
          front: false,
        });
      }
    }
  }
  return fields;
}

function readLabel(line: ScannedLine): Field | null {
  const code = line.text.charCodeAt(0);
  if (code === 42 || (code >= 48 && code <= 57)) {
    const bold = boldLabel.exec(line.text);
    if (bold !== null) {
      const key = bold[1]?.trim() ?? '';
      const value = bold[4] ?? '';
      if (bold[2] === '' && bold[3] === '' && !keyWords.test(key)) return null;
      return {
        key: key.replace(/:$/, ''),
        value,
        line: line.number,
        column: line.column + line.text.length - value.length,
        section: line.section,
        front: false,
      };
    }
  }
  if (!line.text.includes(': ')) return null;
  const label = plainLabel.exec(line.text);
  if (label === null || !keyWords.test(label[1] ?? '')) return null;
  const value = label[2] ?? '';
  return {
    key: label[1] ?? '',
    value,
    line: line.number,
    column: line.column + line.text.length - value.length,
    section: line.section,
    front: false,
  };
}

/** Top-level keys only, read line by line: enough to know what a document says, and nothing in it can be hostile to a line reader. */
function frontFields(lines: readonly ScannedLine[]): Field[] {
  const fields: Field[] = [];
  for (const line of lines) {
    if (line.kind !== 'front') break;
    const match = /^([\w-]+)\s*:\s*(.*)$/.exec(line.raw);
    if (match !== null) {
      const value = (match[2] ?? '').replace(/\s+#.*$/, '').replace(/^["'](.*)["']$/, '$1');
      fields.push({
        key: match[1] ?? '',
        value,
        line: line.number,
        column: line.raw.length - (match[2] ?? '').length + 1,
        section: line.section,
        front: true,
      });
      continue;
    }
    const entry = /^\s+-\s+(.*)$/.exec(line.raw);
    const last = fields.at(-1);
    if (entry !== null && last !== undefined) last.value += `${last.value === '' ? '' : ', '}${entry[1] ?? ''}`;
  }
  return fields;
}

const frontKeys =
  /^(id|status|priority|milestone|owner|tags|depends on|depends|blocks|specs|issues|pr|assignee)(?::\s*|\s+|(?=[a-z0-9_]|[A-Z0-9]+_)|$)(.*)$/i;
const bareToken = /^[\w#][\w./#-]*$/;

/** A web page shows front matter as a table, and a text copy of it glues key and value: `status done`, `Priorityp0`. */
function plainFrontFields(lines: readonly ScannedLine[]): Field[] {
  const fields: Field[] = [];
  for (const line of lines.slice(0, 45)) {
    if (line.kind === 'blank' || line.text === '') continue;
    const match = /^[A-Za-z]/.test(line.text) && line.text.length < 200 ? frontKeys.exec(line.text) : null;
    const value = match?.[2]?.trim() ?? '';
    const last = fields.at(-1);
    if (match !== null && !/[.!?]$/.test(value)) {
      fields.push({
        key: (match[1] ?? '').toLowerCase(),
        value,
        line: line.number,
        column: line.column + line.text.length - value.length,
        section: line.section,
        front: true,
      });
    } else if (last !== undefined && bareToken.test(line.text)) {
      last.value += `${last.value === '' ? '' : ', '}${line.text}`;
    } else if (fields.length > 0) break;
  }
  return fields;
}

function htmlFields(line: ScannedLine): Field[] {
  const fields: Field[] = [];
  for (const row of line.raw.matchAll(/<tr><td>(.*?)<\/td><td>(.*?)<\/td>/g)) {
    const key = stripTags(row[1] ?? '');
    if (!keyWords.test(key) && !/status/i.test(key)) continue;
    fields.push({
      key,
      value: stripTags(row[2] ?? ''),
      line: line.number,
      column: row.index + 1,
      section: line.section,
      front: false,
    });
  }
  return fields;
}

function stripTags(html: string): string {
  return html.replace(/<[^>]+>/g, '').trim();
}
