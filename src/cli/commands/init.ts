import { dirname, resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { makeFolder, writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import type { Shell } from '../shell.ts';

/** Writes a first launch document that reads well, lints, and is honestly NO-GO until somebody makes it true. */
export function init(shell: Shell, id: string, options: GlobalOptions): CommandResult {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/u.test(id)) {
    throw new ProductError('usage', `id of the launch: expected lower-case letters, digits and hyphens, got ${id}`, {
      hint: 'for example: tminus init shop-cutover',
    });
  }
  const file = resolve(toDirectory(shell, options), 'launch.md');
  makeFolder(dirname(file));
  writeNewFile(file, firstDocument(id));
  const text = `wrote launch.md\nnext: "tminus key create alice" and write the public half into launch.md, edit the rest, then "tminus lint", "tminus check", "tminus decide"\n`;
  return { exit: 0, json: { file }, text };
}

const firstDocument = (id: string): string => `---
tminus: launch
id: ${id}
title: ${id}
owner: alice
environment: production
candidate: { commit: "{{ git.head }}", url: "{{ environment.url }}" }
environments:
  production: { url: "https://example.com", production: true }
people:
  alice: { name: Alice }
roles: { lead: [alice] }
---

# ${id}

What changes, for whom, and why now.

## Gate: ready for T-0 {#ready fresh=1h}

- [ ] The site answers {#site-answers}

  \`\`\`http
  GET {{ candidate.url }}/

  expect status == 200
  expect latency < 2s
  \`\`\`

- [ ] [HUMAN] The lead has read the runbook end to end {#runbook-read role=lead proof=comment}

## Runbook

### T-1d Tell everybody

1. [HUMAN] Post the announcement {#announce role=lead proof=url}

### T-0 Switch

1. [HUMAN] Switch over {#switch role=lead undo=switch-back}

> **Stop if:** the error rate is above 1 % for five minutes

> **Point of no return:** the first record that a customer creates on the new side

## Rollback

1. [HUMAN] Switch back {#switch-back role=lead}
`;
