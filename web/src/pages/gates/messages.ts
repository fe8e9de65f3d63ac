/** Texts of this page. */
export const messages = {
  title: 'Gates',
  gates: 'Gates of {launch}',
  gate: 'Gate',
  decision: 'Decision',
  criteria: 'Criteria met',
  before: 'Before',
  way: 'Left to do',
  left: '{count, plural, =0 {nothing} one {# action} other {# actions}}',
  noWay: 'no way to GO',
  met: 'criteria met',
  none: 'This launch has no gate',
  noneHint: 'A launch without a gate cannot be decided. Declare one in its document.',
} as const;
