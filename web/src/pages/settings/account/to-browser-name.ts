const browsers: readonly [RegExp, string][] = [
  [/\bEdg\//u, 'Edge'],
  [/\bFirefox\//u, 'Firefox'],
  [/\bHeadlessChrome\//u, 'Chromium without a window'],
  [/\bChrome\//u, 'Chrome'],
  [/\bSafari\//u, 'Safari'],
];
const systems: readonly [RegExp, string][] = [
  [/\bAndroid\b/u, 'Android'],
  [/\biPhone\b|\biPad\b/u, 'iOS'],
  [/\bWindows\b/u, 'Windows'],
  [/\bMac OS X\b/u, 'macOS'],
  [/\bLinux\b/u, 'Linux'],
];

/** What a browser calls itself, in a few words; null where it said nothing. Anybody can call themselves anything. */
export function toBrowserName(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const nameIn = (words: typeof browsers): string | undefined => words.find(([word]) => word.test(userAgent))?.[1];
  const [browser, system] = [nameIn(browsers), nameIn(systems)];
  if (browser === undefined) return userAgent.slice(0, 40);
  return system === undefined ? browser : `${browser}, ${system}`;
}
