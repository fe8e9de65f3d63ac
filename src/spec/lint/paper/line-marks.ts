/** The marks at the start of a line, as patterns that look at the line once. */
export const quoteMark = /^\s*(?:>\s?)+/;
export const headingMark = /^( {0,3})(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
export const fenceMark = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/;
export const itemMark = /^(\s*)([-*+•◦▪‣]|\d{1,3}[.)])[ \t\u00a0]+(.*)$/;
export const boxMark = /^\[( |x|X)\][ \t\u00a0]+/;
export const breakMark = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/;
export const underline = /^ {0,3}(?:=+|-{2,})[ \t]*$/;
export const delimiterRow = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
export const definitionMark = /^ {0,3}\[([^\]]+)\]:\s*(\S+)/;

/** Blanks code spans in a text, so that what is left can be read as prose at the same columns. */
export function blankCode(text: string): string {
  return text.includes('`') ? text.replace(/(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, (span) => ' '.repeat(span.length)) : text;
}

/** Folds white space and cuts a text for a message. */
export function shorten(text: string, length = 60): string {
  const folded = text.replace(/\s+/g, ' ').trim();
  return folded.length <= length ? folded : `${folded.slice(0, length - 1).trimEnd()}…`;
}
