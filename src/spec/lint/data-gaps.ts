import { differenceClasses } from '../../core/dataset/reconcile/difference.ts';
import { readDataRule } from '../../core/dataset/rules/read-data-rule.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Finding, Severity } from './finding.ts';

/** What datasets that read without a problem can still lack, for the reference page; `findDataGaps` finds it. */
export const dataRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'data-rule-unreadable',
    severity: 'blocking',
    summary: 'A rule of a dataset cannot be read: a key that its kind does not know, a condition that is none.',
    why: 'It is never asked: a check of the rules can only be unknown, and a fix is refused.',
  },
  {
    code: 'data-fix-idle',
    severity: 'warning',
    summary: 'A fix of a dataset repairs what is neither a class of difference nor a rule of it.',
    why: 'It never takes up anything, and whoever relies on it waits for nothing.',
  },
  {
    code: 'personal-data-unkept',
    severity: 'warning',
    summary: 'A dataset holds personal data and does not say how long it is kept or where it may lie.',
    why: 'Nobody can delete in time what nobody has set a time for.',
  },
  {
    code: 'personal-data-unnamed',
    severity: 'warning',
    summary: 'A column looks like personal data by its name, and the dataset does not say what it is.',
    why: 'Its values would stand in samples of reports, and in archives that are passed on.',
  },
  {
    code: 'import-unproven',
    severity: 'warning',
    summary:
      'A dataset is imported into production and names no criterion for export or restore, no backup or no rollback.',
    why: 'Its import cannot be approved: nobody could bring back what it changes.',
  },
];

const looksPersonal =
  /^(?:e_?mail|mail|(?:first|last|full|sur)_?name|customer_?name|phone|mobile|address|street|birth|date_of_birth|iban|ssn)(?:_|$)/i;

/** Returns what datasets leave unsaid of people and of the way back. */
export function findDataGaps(launch: Launch): Finding[] {
  return launch.datasets.flatMap((dataset) => [
    ...findUnreadable(dataset),
    ...findIdle(dataset),
    ...findUnkept(dataset),
    ...findUnnamed(dataset),
    ...findUnproven(launch, dataset),
  ]);
}

function findUnreadable(dataset: Dataset): Finding[] {
  return dataset.rules.flatMap((rule) => {
    const read = readDataRule(rule);
    if (read.ok) return [];
    const finding = toFinding('data-rule-unreadable', dataset, {
      message: `rule ${rule.id} of dataset ${dataset.id} cannot be read`,
      expected: read.expected,
      got: JSON.stringify(rule.body).slice(0, 200),
      hint: 'write it as the guide to rules and fixes shows',
    });
    return [{ ...finding, severity: 'blocking' as const }];
  });
}

function findIdle(dataset: Dataset): Finding[] {
  const known = new Set<string>(['missing', 'extra', ...differenceClasses, ...dataset.rules.map(({ id }) => id)]);
  return dataset.fixes
    .filter(({ repairs }) => !known.has(repairs))
    .map(({ id, repairs }) =>
      toFinding('data-fix-idle', dataset, {
        message: `fix ${id} of dataset ${dataset.id} repairs nothing`,
        expected: [...known].join(', '),
        got: repairs,
        hint: 'name a class of difference, or a rule of the dataset',
      }),
    );
}

function findUnkept(dataset: Dataset): Finding[] {
  const { id, personal, retentionMs, residency } = dataset;
  if (personal.length === 0 || (retentionMs !== null && residency !== null)) return [];
  const lacking = retentionMs === null ? (residency === null ? 'retention and residency' : 'retention') : 'residency';
  return [
    toFinding('personal-data-unkept', dataset, {
      message: `dataset ${id} holds personal data and has no ${lacking}`,
      expected: 'retention: and residency: beside personal:',
      got: `no ${lacking}`,
      hint: 'write how long the data may be kept, such as retention: 7y, and where, such as residency: eu',
    }),
  ];
}

function findUnnamed(dataset: Dataset): Finding[] {
  const { id, map, omit, personal, redact } = dataset;
  const said = new Set([...personal.map(({ column }) => column), ...redact, ...omit.map(({ column }) => column)]);
  const unnamed = map.filter(
    ({ to, from }) =>
      [to, from ?? ''].some((name) => looksPersonal.test(name)) && !said.has(to) && !said.has(from ?? ''),
  );
  return unnamed.map(({ to }) =>
    toFinding('personal-data-unnamed', dataset, {
      message: `column ${to} of dataset ${id} looks like personal data`,
      expected: 'the column under personal: or redact:',
      got: 'neither',
      hint: `write personal: { ${to}: name }, or another category; other where none fits`,
    }),
  );
}

/** An environment that nothing says otherwise of is production; a dataset may be imported into any that its target has a url for. */
function findUnproven({ environments, datastores, imports }: Launch, dataset: Dataset): Finding[] {
  const { id, target } = dataset;
  const url = datastores.find((one) => one.id === target?.on)?.url ?? {};
  const isProduction = environments.some((one) => one.production && (url[one.id] ?? url['*']) !== undefined);
  const terms = imports.find((one) => one.dataset === id) ?? null;
  if (target === null || !isProduction) return [];
  const lacking = (['export', 'restore', 'rollback', 'backup'] as const).filter(
    (part) => (terms?.[part] ?? null) === null,
  );
  if (lacking.length === 0) return [];
  return [
    toFinding('import-unproven', dataset, {
      message: `the import of dataset ${id} into production can never be approved`,
      expected: 'import: { export, restore, rollback, backup } in the dataset',
      got: `no ${lacking.join(', no ')}`,
      hint: 'name the criteria of export and restore drill, the rollback procedure, and where the backup lies',
    }),
  ];
}

type Told = Pick<Finding, 'message' | 'expected' | 'got' | 'hint'>;

function toFinding(code: string, { at: { file, line, column } }: Dataset, told: Told): Finding {
  return { code, severity: 'warning', ...told, file, line, column, related: [] };
}
