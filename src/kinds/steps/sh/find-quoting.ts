/** What a place in a script is surrounded by, as POSIX.1-2024 (Shell Command Language, 2.2, 2.6 and 2.7.4) has it. */
export type Quoting =
  | 'none'
  | 'double'
  | 'single'
  | 'heredoc'
  | 'quoted heredoc'
  | 'arithmetic'
  | 'backtick'
  | 'escaped';

type Context = 'none' | 'double' | 'single' | 'ansi' | 'backtick' | 'arithmetic' | 'comment';

interface Heredoc {
  word: string;
  quoted: boolean;
  tabs: boolean;
}

/**
 * Returns a function that tells what surrounds an offset of a script. A scanner and no parser: where it takes a place for another one, a value may be split into words, but it
 * is a variable all the same and is never read as a command.
 */
export function findQuoting(text: string): (offset: number) => Quoting {
  const scan = new Scan(text);
  scan.run();
  return (offset) => scan.at(offset);
}

const toQuoting: { readonly [context in Context]: Quoting } = {
  none: 'none',
  comment: 'none',
  double: 'double',
  single: 'single',
  ansi: 'single',
  backtick: 'backtick',
  arithmetic: 'arithmetic',
};

/** One pass from left to right, with the surroundings on a stack and the here-documents that begin at the next line. */
class Scan {
  readonly #text: string;
  readonly #marks: Quoting[] = [];
  /** Depth counts the round brackets that were opened since the surroundings began. */
  readonly #stack: { context: Context; depth: number }[] = [{ context: 'none', depth: 0 }];
  readonly #heredocs: Heredoc[] = [];
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): Quoting {
    return this.#marks[offset] ?? 'none';
  }

  run(): void {
    while (this.#index < this.#text.length) this.#step();
  }

  get #top(): { context: Context; depth: number } {
    return this.#stack.at(-1)!;
  }

  #take(length: number): void {
    // A backtick or arithmetic further out decides: what it surrounds is read by its rules.
    const outer = this.#stack.find(({ context }) => context === 'backtick' || context === 'arithmetic');
    const quoting = toQuoting[outer?.context ?? this.#top.context];
    for (let count = 0; count < length; count += 1) this.#marks[this.#index + count] = quoting;
    this.#index += length;
  }

  #step(): void {
    const { context } = this.#top;
    const rest = this.#text.slice(this.#index, this.#index + 3);
    if (context === 'single') return this.#quoted(rest, "'");
    if (context === 'ansi' && rest[0] !== '\\') return this.#quoted(rest, "'");
    if (rest[0] === '\n') return this.#endLine();
    if (context === 'comment') return this.#take(1);
    // A template in brackets of its own is one word.
    if (rest[0] === '\\') return this.#escape();
    if (rest[0] === '`') return this.#toggle('backtick', 1);
    if (rest === '$((') return this.#open('arithmetic', 3, 2);
    if (rest.startsWith('$(')) return this.#open('none', 2, 1);
    if (rest[0] === '"') return this.#toggle('double', 1);
    if (context === 'double') return this.#take(1);
    return this.#bare(rest);
  }

  #bare(rest: string): void {
    if (rest.startsWith("$'")) return this.#open('ansi', 2, 0);
    if (rest[0] === "'") return this.#open('single', 1, 0);
    if (rest[0] === '#' && this.#startsWord()) return this.#open('comment', 1, 0);
    if (rest.startsWith('((') && this.#startsWord()) return this.#open('arithmetic', 2, 2);
    if (rest === '<<<') return this.#take(3);
    if (this.#top.context === 'arithmetic' && rest.startsWith('<<')) return this.#take(2);
    if (rest.startsWith('<<')) return this.#heredoc();
    if (rest[0] === '(') this.#top.depth += 1;
    if (rest[0] === ')') return this.#close();
    this.#take(1);
  }

  #quoted(rest: string, end: string): void {
    this.#take(1);
    if (rest[0] === end) this.#stack.pop();
  }

  #escape(): void {
    this.#take(2);
    if (this.#text.startsWith('{{', this.#index - 1)) this.#marks[this.#index - 1] = 'escaped';
  }

  #open(context: Context, length: number, depth: number): void {
    this.#take(length);
    this.#stack.push({ context, depth });
  }

  #toggle(context: 'double' | 'backtick', length: number): void {
    if (this.#top.context !== context) return this.#open(context, length, 0);
    this.#take(length);
    this.#stack.pop();
  }

  #close(): void {
    this.#take(1);
    this.#top.depth -= 1;
    // A bracket too many, as after the pattern of a case, closes nothing at the outermost level.
    if (this.#top.depth <= 0 && this.#stack.length > 1) this.#stack.pop();
    else this.#top.depth = Math.max(0, this.#top.depth);
  }

  #endLine(): void {
    if (this.#top.context === 'comment') this.#stack.pop();
    this.#take(1);
    if (this.#top.context === 'double') return;
    for (const heredoc of this.#heredocs.splice(0)) this.#body(heredoc);
  }

  #heredoc(): void {
    const match = /<<(-?)[ \t]*((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\])+)/y;
    match.lastIndex = this.#index;
    const found = match.exec(this.#text);
    if (found === null) return this.#take(2);
    const written = found[2]!;
    const word = written.replaceAll(/\\(.)/g, '$1').replaceAll(/['"]/g, '');
    this.#heredocs.push({ word, quoted: /['"\\]/.test(written), tabs: found[1] === '-' });
    this.#take(found[0].length);
  }

  #body({ word, quoted, tabs }: Heredoc): void {
    while (this.#index < this.#text.length) {
      const end = this.#text.indexOf('\n', this.#index);
      const line = this.#text.slice(this.#index, end === -1 ? undefined : end);
      const length = end === -1 ? line.length : line.length + 1;
      const bare = tabs ? line.replace(/^\t+/, '') : line;
      for (let count = 0; count < length; count += 1) {
        const isEscaped = !quoted && this.#text[this.#index + count - 1] === '\\';
        this.#marks[this.#index + count] = isEscaped ? 'escaped' : quoted ? 'quoted heredoc' : 'heredoc';
      }
      this.#index += length;
      if (bare === word) return;
    }
  }

  #startsWord(): boolean {
    return this.#index === 0 || /[\s;&|()]/.test(this.#text[this.#index - 1]!);
  }
}
