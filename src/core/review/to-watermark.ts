import type { Review } from './review.ts';

/** One line that says what a copy is: state, version, when and by whom. A copy without it says nothing about itself. */
export function toWatermark({ state, version, last, lock, isLockBroken }: Review): string {
  const word = state.replaceAll('_', ' ').toUpperCase();
  const who = last === null ? 'nobody has submitted it' : `${last.move} by ${last.person}, ${toUtc(last.atMs)}`;
  const broken = isLockBroken ? `; changed under the lock of ${lock?.by} on version ${lock?.version.slice(0, 12)}` : '';
  return `${word}, version ${version}, ${who}${broken}`;
}

/** A document with its watermark as a quote before its text, below its front matter; every other byte is as it was. */
export function toMarkedCopy(text: string, review: Review): string {
  const front = /^---\r?\n[\s\S]*?\r?\n---[ \t]*(?:\r?\n|$)/u.exec(text)?.[0] ?? '';
  return `${front}> **Copy:** ${toWatermark(review)}\n\n${text.slice(front.length)}`;
}

function toUtc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
