import GithubSlugger from 'github-slugger';

import type { Link, Paper } from '../paper/paper.ts';
import { resolveTarget } from '../paper/resolve-target.ts';
import type { Hit, Rule, Run } from '../rule.ts';
import type { Subject } from '../understand/subject.ts';
import { gatherPlaces, printCount } from './gathered.ts';

const scheme = /^[a-z][a-z0-9+.-]*:/i;
const knownSchemes =
  /^(?:https?|ftp|mailto|tel|slack|file|ssh|git|s3|gs|data|vscode|irc|xmpp|matrix|tg|sftp|ws|wss|javascript|runbook):/i;

/** Returns the anchors of a document: GitHub's slugs of its headings, explicit ids and names. */
function anchorsOf(paper: Paper): Set<string> {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  for (const section of paper.sections) if (section.level > 0) anchors.add(slugger.slug(plainTitle(section.title)));
  for (const line of paper.lines) {
    if (line.raw.includes('{#')) for (const match of line.raw.matchAll(/\{#([\w-]+)/g)) anchors.add(match[1] ?? '');
    if (line.raw.includes('<'))
      for (const match of line.raw.matchAll(/<\w+[^>]*\b(?:id|name)=["']([^"']+)["']/g)) anchors.add(match[1] ?? '');
  }
  for (const comment of paper.comments) {
    const match = /^\s*anchor:\s*([\w-]+)/.exec(comment.text);
    if (match !== null) anchors.add(match[1] ?? '');
  }
  return anchors;
}

function plainTitle(title: string): string {
  return title
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]|(?<=^|\s)_|_(?=\s|$)/g, '')
    .replace(/<[^>]+>/g, '');
}

function malformed(paper: Paper): Hit[] {
  const hits: Hit[] = [];
  for (const link of paper.links) {
    const reason = faultOf(link.target);
    if (reason !== null)
      hits.push({
        line: link.line,
        column: link.column,
        message: reason,
        expected: 'an address that opens',
        got: link.target.slice(0, 80),
        hint: 'correct the address and open it once',
      });
  }
  for (const line of paper.lines) {
    const at =
      line.kind === 'code' || line.kind === 'comment' || !line.text.includes('`(')
        ? -1
        : line.text.search(/`\(https?:\/\//);
    if (at !== -1)
      hits.push({
        line: line.number,
        column: line.column + at,
        message: 'an address stands behind a word without the brackets of a link',
        expected: '[text](address)',
        got: line.text.slice(at + 1, at + 40),
        hint: 'put the word in square brackets',
      });
  }
  return hits;
}

function faultOf(target: string): string | null {
  if (
    /^(?:ttps?|htps?|htt|http[^s:/]|hhttps?|https?[;,]|https?\/\/|https?:\/[^/])/i.test(target) &&
    !/^https?:\/\//i.test(target)
  )
    return 'the address is misspelt';
  if ((target.match(/#/g) ?? []).length > 1 && !target.includes('#/') && !/matrix\.to|element\.io/.test(target))
    return 'the address has two # anchors';
  if (target.startsWith('(')) return 'the address has brackets around it';
  if (/^https?:\/\/[^/]*\s/.test(target) || /^https?:\/\/$/.test(target)) return 'the address has no host';
  return null;
}

interface Broken {
  line: number;
  column: number;
  note: string;
}

function broken(paper: Paper, run: Run): { files: Broken[]; anchors: Broken[]; absolute: Broken[] } {
  const found = { files: [] as Broken[], anchors: [] as Broken[], absolute: [] as Broken[] };
  for (const link of paper.links) {
    const { target } = link;
    if (
      target === '' ||
      target.startsWith('//') ||
      (scheme.test(target) && (knownSchemes.test(target) || target.includes('://')))
    )
      continue;
    if (/[<>{}$]|\.\.\.$/.test(target) || faultOf(target) !== null) continue;
    const place = { line: link.line, column: link.column, note: target };
    if (target.startsWith('#')) {
      if (!hasAnchor(run, paper, target.slice(1))) found.anchors.push(place);
    } else if (target.startsWith('/')) {
      if (!run.exists(decode(target.slice(1).replace(/[#?].*$/, '')))) found.absolute.push(place);
    } else checkRelative(found, { paper, run, link, place });
  }
  return found;
}

function checkRelative(
  found: ReturnType<typeof broken>,
  { paper, run, link, place }: { paper: Paper; run: Run; link: Link; place: Broken },
): void {
  const [file, anchor] = link.target.split('#', 2);
  const path = resolveTarget(paper.path, decode((file ?? '').replace(/\?.*$/, '')));
  if (path === null) return;
  const other = run
    .memo('papers by path', () => new Map(run.subjects.map((subject) => [subject.paper.path, subject.paper])))
    .get(path);
  if (other === undefined && !run.exists(path)) found.files.push(place);
  else if (other !== undefined && anchor !== undefined && anchor !== '' && !hasAnchor(run, other, anchor))
    found.anchors.push(place);
}

function hasAnchor(run: Run, paper: Paper, anchor: string): boolean {
  const known = run.memo(`anchors ${paper.path}`, () => anchorsOf(paper));
  const wanted = decode(anchor);
  return (
    wanted === '' ||
    wanted === 'top' ||
    known.has(wanted) ||
    known.has(wanted.toLowerCase()) ||
    /^L\d+/.test(wanted) ||
    wanted.startsWith('user-content-')
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const repositoryPath =
  /(?<![\w/.~<-])((?:\.github|docs?|scripts?|src|apps|backend|config|deploy|ops|infra|reports|specs?|test|tests|e2e)\/(?:[\w.-]+\/)*[\w.-]+\.(?:ya?ml|md|sh|py|js|ts|json|sql|toml|mk|go|rb|tf))(?![\w/])/g;

function missingPaths({ paper }: Subject, run: Run): Hit[] {
  const seen = new Map<string, Broken>();
  for (const line of paper.lines) {
    if (line.kind === 'comment' || line.kind === 'front' || !line.raw.includes('/')) continue;
    for (const match of line.raw.matchAll(repositoryPath)) {
      const path = match[1] ?? '';
      if (
        line.raw.slice(Math.max(0, match.index - 3), match.index).includes('](') ||
        seen.has(path) ||
        run.exists(path) ||
        run.exists(resolveTarget(paper.path, path) ?? path)
      )
        continue;
      seen.set(path, { line: line.number, column: match.index + 1, note: path });
    }
  }
  const places = [...seen.values()];
  return gatherPlaces({
    places,
    message: `${printCount(places.length, 'path')} named in the text ${places.length === 1 ? 'is' : 'are'} not in this workspace`,
    expected: 'a file at the named path',
    got: `${places[0]?.note ?? ''}${places.length > 1 ? ` and ${places.length - 1} more` : ''}`,
    hint: 'correct the path, or say in which repository it is',
  });
}

const linkOf = (places: Broken[], message: (count: string) => string, hint: string): Hit[] =>
  gatherPlaces({
    places,
    message: message(printCount(places.length, 'link')),
    expected: 'a target that is there',
    got: `${places[0]?.note ?? ''}${places.length > 1 ? ` and ${places.length - 1} more` : ''}`,
    hint,
  });
const brokenOf = ({ paper }: Subject, run: Run): ReturnType<typeof broken> =>
  run.memo(`broken ${paper.path}`, () => broken(paper, run));

/** Addresses, files and anchors. */
export const linkRules: Rule[] = [
  {
    code: 'malformed-link',
    severity: 'warning',
    summary: 'An address cannot work as it is written.',
    why: 'It is opened for the first time when it is needed.',
    fires: '# R\n\n[team](ttps://example.org/team)\n',
    silent: '# R\n\n[team](https://example.org/team#a) and `http`(s) and <https://example.org>\n',
    check: ({ paper }) => malformed(paper),
  },
  {
    code: 'broken-link',
    severity: 'warning',
    summary: 'A link or image points to a file that is not there.',
    why: 'The rollback page is the link that does not open.',
    fires: '# R\n\n[rollback](rollback.md)\n',
    silent: {
      'a.md': '# R\n\n[rollback](./b.md) [x](https://example.org/none.md) `[y](none.md)`\n',
      'b.md': '# Rollback\n',
    },
    check: (subject, run) =>
      linkOf(
        brokenOf(subject, run).files,
        (count) => `${count} to a file that is not there`,
        'correct the target, or add the file',
      ),
  },
  {
    code: 'broken-anchor',
    severity: 'warning',
    summary: 'A link points to a heading that is not there.',
    why: 'The reader lands at the top and misses the procedure.',
    fires: '# R\n\n[undo](#undo-it)\n\n## Undo this\n',
    silent: '# R\n\n[a](#undo-it) [b](#新機能を開発する)\n\n## Undo it\n\n## 新機能を開発する\n',
    check: (subject, run) =>
      linkOf(
        brokenOf(subject, run).anchors,
        (count) => `${count} to a heading that is not there`,
        'correct the anchor to the heading as GitHub spells it',
      ),
  },
  {
    code: 'link-site-absolute',
    severity: 'info',
    summary: 'A link begins with / and opens only on the built site.',
    why: 'In the repository, where it is read on the day, it opens nothing.',
    fires: '# R\n\n[purge](/manual/purge-cache)\n',
    silent: '# R\n\n[purge](https://example.org/manual/purge-cache)\n',
    check: (subject, run) =>
      linkOf(
        brokenOf(subject, run).absolute,
        (count) => `${count} that only the built site resolves`,
        'link relative to the file, or give the full address',
      ),
  },
  {
    code: 'path-missing',
    severity: 'info',
    summary: 'The text names files of the repository that are not there.',
    why: 'The workflow that the runbook starts was renamed.',
    fires: '# R\n\nRun `.github/workflows/deploy-gone.yml`.\n',
    silent: '# R\n\nRun `<repo>/deploy.yml` and https://example.org/docs/a.md.\n',
    check: missingPaths,
  },
];
