import { readPictureAddress } from '../../../api/client.generated.ts';

/** Where a step of a document names a picture of the launch repository, the address of our own that has it; null for every other place (A20). */
export function toPictureAddress({
  launch,
  document,
  url,
}: {
  launch: string;
  document: string;
  url: string;
}): string | null {
  if (url === '' || /^(?:[a-z][a-z0-9+.-]*:|[/\\#?])/iu.test(url)) return null;
  const path: string[] = document.split('/').slice(0, -1);
  for (const part of decode(url.replace(/[?#].*$/u, '')).split('/')) {
    if (part === '..' && path.pop() === undefined) return null;
    if (!['', '.', '..'].includes(part)) path.push(part);
  }
  return readPictureAddress({ launch, path: path.join('/') });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
