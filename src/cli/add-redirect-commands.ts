import { Option } from '@commander-js/extra-typings';
import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';
import type { Run } from './run.ts';
import type { Shell } from './shell.ts';

const loadRedirects = () => import('./commands/redirects.ts');

/** Adds `redirects`. */
export function addRedirectCommands(program: Command, shell: Shell, run: Run): void {
  addGlobalOptions(program.command('redirects'))
    .description('ask for old URLs and name those that do not lead where they should')
    .argument('<base>', 'where old paths are asked for, such as https://old.example')
    .option('--target <url>', 'where the new paths lie, if elsewhere')
    .option('--dataset <id>', 'make URLs of the records of this dataset, by --from and --to')
    .addOption(
      new Option('--side <side>', 'which side of the dataset gives the columns').choices(['source', 'target'] as const),
    )
    .option('--from <template>', 'old URL: "/projects?ID={legacy_id}"')
    .option('--to <template>', 'new URL: "/projects/{slug}"; without it --from is the page itself')
    .option('--title <template>', 'whole title of the page, which proves that it is the one')
    .option('--list <file>', 'lines "from status to"')
    .option('--log <file>', 'access log: its most visited paths')
    .option('--sitemap <file>', 'pages of a sitemap.xml')
    .option('--gone <path...>', 'paths that answer 410')
    .option('--stay <path...>', 'paths that must not redirect')
    .option('--sample <number>', 'URLs of each source at most (default: 100)')
    .option('--seed <number>', 'which of them (default: 1)')
    .option('--hops <number>', 'most redirects from a URL to its page (default: 1)')
    .option('--keep-query', 'redirects of --from carry a further query along')
    .option('--cache <text>', 'what Cache-Control of redirects contains')
    .option('--rate <number>', 'requests a second, 0 for as many as are answered (default: 50)')
    .option('--connections <number>', 'connections to each host (default: 4)')
    .option('--host <host...>', 'further hosts that may be asked, beside those of the environment')
    .requiredOption('--as <person>', 'who asks')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .addHelpText('after', redirectsHelp)
    .action((base, options) => run(options, loadRedirects, ({ redirects }) => redirects(shell, base, options)));
}

const redirectsHelp = `
Without a source of URLs, every row of the redirects tables of the documents is asked for.
Exit 0 where all lead where they should, 1 where one does not, 2 where that could not be found out.
For a gate the same is a check: kind: redirects, run by "tminus check".`;
