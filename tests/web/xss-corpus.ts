/** What is called when a payload runs. A page under test has it, and counts. */
const call = 'x(1)';

const markup = [
  `<script>${call}</script>`,
  `<img src=x onerror=${call}>`,
  `<img srcset="x 1x" onerror=${call}>`,
  `<svg onload=${call}>`,
  `<svg/onload=${call}//`,
  `<svg><script>${call}</script></svg>`,
  `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${call}"><text y=20>go</text></a></svg>`,
  `<math><mtext><img src=x onerror=${call}></mtext></math>`,
  `<details open ontoggle=${call}>`,
  `<input autofocus onfocus=${call}>`,
  `<video><source onerror=${call}></video>`,
  `<audio src=x onerror=${call}>`,
  `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  `<iframe src="javascript:parent.${call}"></iframe>`,
  `<object data="javascript:${call}"></object>`,
  `<embed src="javascript:${call}">`,
  `<form><button formaction="javascript:${call}">go</button></form>`,
  `<a href="javascript:${call}">go</a>`,
  `<a href="java&#9;script:${call}">go</a>`,
  `<base href="https://evil.example/">`,
  `<link rel=stylesheet href="https://evil.example/a.css">`,
  `<style>@import url(https://evil.example/b.css);</style>`,
  `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
  `<div style="background:url(https://evil.example/c.png)">`,
  `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  `<template><img src=x onerror=${call}></template>`,
  `<img name=getElementById id=location src=x onerror=${call}>`,
] as const;

/** What ends the place in which a text stands, if somebody has put it there without a thought. */
const escapes = [
  '',
  '">',
  "'>",
  '-->',
  '</title>',
  '</textarea>',
  '</script>',
  '</style>',
  ']]>',
  '`',
  '{{',
  '${',
  '\u202e',
  '\\',
  '%3E',
  '&lt;',
  'a=b ',
  '\u0000',
];

const schemes = [
  'javascript:',
  'JaVaScRiPt:',
  'javascript&colon;',
  'java&#x0A;script:',
  '&#106;avascript:',
  'javascript&#58;',
  '\u0001javascript:',
  'vbscript:',
  'data:text/html,<script>parent.x(1)</script>',
  'blob:https://evil.example/',
  'file:///etc/passwd#',
  '//evil.example/',
  'https://evil.example/',
  'https://shop.example@evil.example/',
];

/** Links and pictures of Markdown. */
const links = schemes.flatMap((scheme) => [
  `[go](${scheme}${call})`,
  `[go](<${scheme}${call}>)`,
  `![seen](${scheme}${call})`,
  `[![seen](${scheme}${call})](${scheme}${call})`,
]);

/** Texts that would run, or fetch from elsewhere, wherever a text becomes a page: one on each line, none with a line break inside. */
export const payloads: readonly string[] = [
  ...escapes.flatMap((escape) => markup.map((one) => `${escape}${one}`)),
  ...links,
];

/** As many of them as find room in a text that has a limit, the rest for the next one. */
export function inTexts(limit: number, of: readonly string[] = payloads): string[] {
  const texts: string[] = [''];
  for (const payload of of) {
    const last = texts.at(-1)!;
    if (last.length + payload.length + 1 <= limit) texts[texts.length - 1] = `${last} ${payload}`;
    else texts.push(payload);
  }
  return texts;
}
