/** The address of a link in a text that others wrote; null where a press on it would do anything but go to a site or write a mail. */
export function toSafeLink(url: string): string | null {
  if (!/^(https?:\/\/|mailto:)/iu.test(url)) return null;
  return URL.canParse(url) ? new URL(url).href : null;
}
