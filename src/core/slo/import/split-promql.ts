/** A comparison, or a set operation, that stands outside of all parentheses, braces, brackets and quotes. */
export interface TopOperator {
  text: string;
  at: number;
}

const operator = /==|!=|>=|<=|>|<|(?<![\w:])(?:and|or|unless)(?![\w:])/giy;
const pairs: { [open: string]: string } = { '(': ')', '[': ']', '{': '}' };

/** Returns the top-level comparisons and set operations of a PromQL expression in order; null where its parentheses or quotes do not close. */
export function listTopOperators(expression: string): TopOperator[] | null {
  const found: TopOperator[] = [];
  const closing: string[] = [];
  for (let at = 0; at < expression.length; at += 1) {
    const letter = expression[at]!;
    if (letter === '#') at = endOfLine(expression, at);
    else if ('"\'`'.includes(letter)) {
      const end = endOfQuoted(expression, at);
      if (end === null) return null;
      at = end;
    } else if (pairs[letter] !== undefined) closing.push(pairs[letter]);
    else if (')]}'.includes(letter)) {
      if (closing.pop() !== letter) return null;
    } else if (closing.length === 0) {
      operator.lastIndex = at;
      const match = operator.exec(expression);
      if (match === null) continue;
      found.push({ text: match[0].toLowerCase(), at });
      at += match[0].length - 1;
    }
  }
  return closing.length === 0 ? found : null;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Where a text ends; one in backticks knows no escapes (PromQL, string literals). */
function endOfQuoted(text: string, from: number): number | null {
  const quote = text[from]!;
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote !== '`') at += 1;
    else if (text[at] === quote) return at;
  }
  return null;
}
