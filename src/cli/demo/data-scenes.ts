import type { Cast, Scene } from './scenes.ts';

/** The data of the launch: it is imported where it harms nobody, and one wrong row is found that no other check sees. */
export const dataScenes: readonly Scene[] = [
  { id: 'import', title: 'The legacy orders are imported into staging, each one accounted for', play: playImport },
  { id: 'spoil', title: 'One order of production goes wrong. Who notices?', play: playSpoil },
  { id: 'repair', title: 'The repair is planned, signed, applied, and taken back', play: playRepair },
];

async function playImport({ stage, launch }: Cast): Promise<void> {
  const dave = ['--environment', 'staging', '--as', 'dave', '--key', launch.people['dave']?.keyFile ?? ''];
  const planned = await stage.tminus(['import', 'plan', 'orders', ...dave], 0);
  stage.expect(planned, '200 would insert', 'nothing was changed');
  const applied = await stage.tminus(['import', 'apply', 'orders', ...dave], 0);
  stage.expect(applied, 'staging: verified', '200 inserted');
  const again = await stage.tminus(['import', 'plan', 'orders', ...dave], 0);
  stage.expect(again, '0 would insert', '200 unchanged');
}

async function playSpoil({ stage, shop, launch }: Cast): Promise<void> {
  const { title, command, output } = await shop.spoil();
  stage.say(`  ${title}: ${command}\n    ${output}`);
  const criteria = ['orders-moved', 'order-names', 'smoke', 'orders-same'];
  const seen = await stage.tminus(['check', '--force', ...criteria], 4);
  stage.expect(
    seen,
    'pass        orders-moved',
    'pass        order-names',
    'pass        smoke',
    'fail        orders-same',
  );
  const dave = ['--as', 'dave', '--key', launch.people['dave']?.keyFile ?? ''];
  stage.expect(await stage.tminus(['reconcile', 'orders', ...dave], 1), '1 changed', 'encoding');
  stage.expect(await stage.tminus(['decide', 'ready'], 4), 'orders-same');
}

/** Repaired under guards, taken back to the byte, and then moved again as the runbook does. */
async function playRepair({ stage, shop, launch }: Cast): Promise<void> {
  const by = (id: string): string[] => ['--as', id, '--key', launch.people[id]?.keyFile ?? ''];
  const planned = await stage.tminus(['fix', 'plan', 'orders', ...by('dave')], 4);
  stage.expect(planned, '1 changes; 0 rows for people', 'customer differs (encoding)');
  const digest = /plan ([\da-f]{64})/u.exec(planned.output)?.[1] ?? '';
  stage.say('Whoever asks does not approve: Dave asked, Alice signs the digest of what she read.');
  await stage.tminus(['fix', 'approve', digest, ...by('alice'), '--comment', 'the legacy name is right'], 0);
  await stage.tminus(['fix', 'apply', digest, ...by('dave')], 0);
  stage.expect(await stage.tminus(['reconcile', 'orders', ...by('dave')], 0), 'equal');
  stage.expect(await stage.tminus(['fix', 'undo', digest, ...by('dave')], 0), '1 rows are what they were');
  stage.expect(await stage.tminus(['reconcile', 'orders', ...by('dave')], 1), '1 changed');
  await shop.migrate();
  stage.expect(await stage.tminus(['check', '--force', 'orders-same'], 0), 'pass        orders-same');
}
