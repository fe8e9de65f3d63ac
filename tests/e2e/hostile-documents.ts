/** Front matter and body of a launch that reads without a problem; the cases below damage it. */
const front = `tminus: launch
id: shop
title: Shop
owner: alice
environment: production
candidate: { commit: "0123456789012345678901234567890123456789" }
environments:
  production: { url: "https://shop.example" }
people:
  alice: { name: Alice }
roles: { lead: [alice] }
`;
const body = `
# Shop

## Gate: ready for T-0 {#ready fresh=1h}

- [ ] [HUMAN] read {#read role=lead}
`;

/** A launch document with more lines in its front matter and more text at its end. */
export function launchDocument({ keys = '', text = '' } = {}): string {
  return `---\n${front}${keys}---\n${body}${text}`;
}

function withCheck(yaml: string): string {
  const lines = yaml.trimEnd().split('\n');
  return launchDocument({
    text: `\n- [ ] checked {#checked}\n\n  \`\`\`yaml check\n${lines.map((line) => `  ${line}\n`).join('')}  \`\`\`\n`,
  });
}

/** Nine levels of nine: written out it would be 387 million values. */
const bomb = 'bcdefghij'
  .split('')
  .map((name, at) => {
    const inside = at === 0 ? 'x' : `*${'abcdefghij'[at]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => inside).join(',')}]\n`;
  })
  .join('');

/** A document that has to be refused for running. */
export interface HostileDocument {
  name: string;
  bytes: Buffer;
  /** Code of the problem or finding as lint reports it. */
  lintCode: string;
  /** Text that stands at the place that is named; null for the begin of the file. */
  place: string | null;
  expected: string;
  got: string;
}

const hostile = (name: string, written: string | Buffer, rest: Omit<HostileDocument, 'name' | 'bytes'>) => ({
  name,
  bytes: Buffer.from(written as string),
  ...rest,
});

/** Documents that are refused, each with what the refusal has to say. */
export const hostileDocuments: readonly HostileDocument[] = [
  hostile('A17 an alias bomb in the front matter', launchDocument({ keys: bomb }), {
    lintCode: 'yaml_alias',
    place: '[x,x,x',
    expected: 'the value itself',
    got: '&b',
  }),
  hostile('A17 an alias bomb in a yaml check', withCheck(`kind: http\n${bomb}`), {
    lintCode: 'yaml_alias',
    place: '[x,x,x',
    expected: 'the value itself',
    got: '&b',
  }),
  hostile('A17 a custom tag in the front matter', launchDocument({ keys: 'note: !!js/function "x"\n' }), {
    lintCode: 'yaml_tag',
    place: '"x"',
    expected: 'a plain value',
    got: 'tag:yaml.org,2002:js/function',
  }),
  hostile('A17 a custom tag in a yaml check', withCheck('kind: http\nurl: !own "https://shop.example"'), {
    lintCode: 'yaml_tag',
    place: '"https://shop.example"\n  ```',
    expected: 'a plain value',
    got: '!own',
  }),
  hostile('A17 __proto__ in the front matter', launchDocument({ keys: '__proto__: { admin: true }\n' }), {
    lintCode: 'key_forbidden',
    place: '__proto__',
    expected: 'any other name',
    got: '__proto__',
  }),
  hostile('A17 __proto__ in a yaml check', withCheck('kind: http\nurl: "https://shop.example"\n__proto__: { x: 1 }'), {
    lintCode: 'key_forbidden',
    place: '__proto__',
    expected: 'any other name',
    got: '__proto__',
  }),
  hostile('A17 a key twice in the front matter', launchDocument({ keys: 'owner: bob\n' }), {
    lintCode: 'key_duplicate',
    place: 'owner: bob',
    expected: 'every key once',
    got: 'the same key again',
  }),
  hostile(
    'A17 a key twice in a yaml check',
    withCheck('kind: http\nurl: "https://a.example"\nurl: "https://b.example"'),
    {
      lintCode: 'key_duplicate',
      place: 'url: "https://b.example"',
      expected: 'every key once',
      got: 'the same key again',
    },
  ),
  hostile('a line of more than 1 MiB', launchDocument({ text: `\n${'x'.repeat(1024 * 1024 + 1)}\n` }), {
    lintCode: 'line-too-long',
    place: 'xxxx',
    expected: 'at most 1048576 characters',
    got: '1048577 or more',
  }),
  hostile('10,000 nested quotes', launchDocument({ text: `\n${'>'.repeat(10_000)} x\n` }), {
    lintCode: 'nesting-too-deep',
    place: '>>',
    expected: 'at most 100 levels',
    got: '10000 or more',
  }),
  hostile('10,000 nested lists', launchDocument({ text: `\n${'- '.repeat(10_000)}x\n` }), {
    lintCode: 'nesting-too-deep',
    place: '- - ',
    expected: 'at most 100 levels',
    got: '10000 or more',
  }),
  hostile('100,000 brackets that are never closed', launchDocument({ text: `\ntext\n${'['.repeat(100_000)}\n` }), {
    lintCode: 'markup-too-dense',
    place: '\ntext\n[[',
    expected: 'at most 10000 signs such as [ or *',
    got: '100000 or more',
  }),
  hostile('a NUL byte', launchDocument({ text: '\nab\0cd\n' }), {
    lintCode: 'nul-byte',
    place: '\0',
    expected: 'text',
    got: '1 NUL',
  }),
  hostile('merge markers', launchDocument({ text: '\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> other\n' }), {
    lintCode: 'merge-marker',
    place: '<<<<<<<',
    expected: 'one side',
    got: '<<<<<<< HEAD',
  }),
  hostile('UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(launchDocument(), 'utf16le')]), {
    lintCode: 'utf-16',
    place: null,
    expected: 'UTF-8',
    got: 'UTF-16 with a byte order mark',
  }),
];
