import type { Permission } from '../../core/access/permission.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { applyFix } from '../../engine/data/fix/apply-fix.ts';
import { approveFix, prepareFixApproval } from '../../engine/data/fix/approve-fix.ts';
import type { FixSetting } from '../../engine/data/fix/fix-setting.ts';
import { listFixes, viewFix } from '../../engine/data/fix/list-fixes.ts';
import type { FixSummary } from '../../engine/data/fix/list-fixes.ts';
import { planFix } from '../../engine/data/fix/plan-fix.ts';
import { undoFix } from '../../engine/data/fix/undo-fix.ts';
import { signPrepared } from '../../engine/sign/signer.ts';
import type { Signer } from '../../engine/sign/signer.ts';
import type { StoredFix } from '../../store/fix-plan.ts';
import type { Store } from '../../store/open-store.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { openFixSetting } from '../open-fix-setting.ts';
import type { SignerOptions } from '../read-signer.ts';
import { describeFix, describeFixes } from '../render-fix.ts';
import { requireReader, requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import { withSession } from '../with-session.ts';

type Options = GlobalOptions & SignerOptions;

/** Plans what the declared fixes of a dataset would change; 0 where nothing is left to be done, 4 where there is a plan to approve or rows for people. */
export async function fixPlan(shell: Shell, dataset: string, options: Options): Promise<CommandResult> {
  const about = `fix plan ${dataset}`;
  return onFixes(shell, { about, options, permission: 'check.run' }, async ({ store, setting, signer }) => {
    const fix = await planFix(store, setting, { dataset, requester: signer.person.id });
    const isClean = fix.plan.changes.length === 0 && fix.plan.review.length === 0;
    return await tell(store, fix, isClean ? 0 : 4);
  });
}

/** Shows one fix with its rows, for somebody who may see them, or every fix of the launch; `reference` is an id, or the beginning of a digest. */
export async function fixShow(
  shell: Shell,
  reference: string | undefined,
  options: GlobalOptions & Partial<SignerOptions> & { rows?: string },
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    if (reference !== undefined) {
      const subject = `fix show ${reference}`;
      await requireSigner(shell, session, { options, permission: 'data.view', subject });
    }
    const about = { launch: scene.launch.id, environment: scene.environment.id, dataset: null };
    const fixes = await listFixes(store, about);
    if (reference === undefined) return { exit: 0, json: fixes, text: toInert(describeFixes(fixes), false) };
    const limit = Number(options.rows ?? '20');
    const view = await viewFix(store, findReferred(fixes, reference).id, { offset: 0, limit });
    return { exit: 0, json: view, text: toInert(describeFix(view), false) };
  });
}

/** Signs a plan, by its digest; who asked for it does not approve it. */
export async function fixApprove(
  shell: Shell,
  digest: string,
  options: Options & { comment: string },
): Promise<CommandResult> {
  const wish: FixDeed = { verb: 'approve', reference: digest, options, permission: 'approval.vote' };
  return onFix(shell, wish, async ({ store, setting, signer }, { id }) => {
    const { person } = signer;
    const prepared = await prepareFixApproval(store, setting, { fix: id, person: person.id, comment: options.comment });
    return await approveFix(store, setting, { fix: id, signed: signPrepared(prepared, signer) });
  });
}

/** Applies an approved plan in one transaction, and looks again; 4 where what it was for has not gone. */
export async function fixApply(shell: Shell, reference: string, options: Options): Promise<CommandResult> {
  const wish: FixDeed = { verb: 'apply', reference, options, permission: 'run.start' };
  return onFix(shell, wish, async ({ store, setting, signer: { person } }, { id }) => {
    return await applyFix(store, setting, { fix: id, person: person.id });
  });
}

/** Takes a fix back: every row becomes what it was. */
export async function fixUndo(shell: Shell, reference: string, options: Options): Promise<CommandResult> {
  const wish: FixDeed = { verb: 'undo', reference, options, permission: 'run.cancel' };
  return onFix(shell, wish, async ({ store, setting, signer: { person } }, { id }) => {
    return await undoFix(store, setting, { fix: id, person: person.id });
  });
}

interface Ground {
  store: Store;
  setting: FixSetting;
  signer: Signer;
}

interface FixDeed {
  verb: string;
  reference: string;
  options: Options;
  permission: Permission;
}

function onFix(
  shell: Shell,
  { verb, reference, options, permission }: FixDeed,
  action: (ground: Ground, fix: FixSummary) => Promise<StoredFix>,
): Promise<CommandResult> {
  const about = `fix ${verb} ${reference}`;
  return onFixes(shell, { about, options, permission }, async (ground) => {
    const { launch, environment } = ground.setting.scene;
    const fixes = await listFixes(ground.store, { launch: launch.id, environment: environment.id, dataset: null });
    const fix = await action(ground, findReferred(fixes, reference));
    const { verification } = (fix.result ?? {}) as { verification?: { outcome: string } };
    return await tell(ground.store, fix, fix.state === 'applied' && verification?.outcome === 'fail' ? 4 : 0);
  });
}

async function onFixes(
  shell: Shell,
  { about, options, permission }: { about: string; options: Options; permission: Permission },
  action: (ground: Ground) => Promise<CommandResult>,
): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const signer = await requireReader(shell, session, { options, permission, subject: about });
    // To approve is no right to use secrets: what is shown to an approver is looked up by the installation.
    const by = permission === 'approval.vote' ? null : signer.person.id;
    const asked = { by, about, isJson: options.json === true };
    const { setting, end } = await openFixSetting(shell, session, asked);
    try {
      return await action({ store: session.store, setting, signer });
    } catch (error) {
      throw error instanceof DatastoreTrouble ? toUnavailable(error) : error;
    } finally {
      end();
    }
  });
}

/** A digest is what is approved, so that nobody approves a plan by a name under which another one stands by now. */
function findReferred(fixes: readonly FixSummary[], reference: string): FixSummary {
  const isLong = reference.length >= 8;
  const found = fixes.filter(({ id, planSha256 }) => id === reference || (isLong && planSha256.startsWith(reference)));
  const [fix] = found;
  if (fix !== undefined) return fix;
  throw new ProductError(
    'fix_unknown',
    `fix ${reference}: expected an id, or at least 8 digits of the digest of a plan, got none that was planned here`,
    { hint: 'see "tminus fix show"' },
  );
}

async function tell(store: Store, { id }: StoredFix, exit: number): Promise<CommandResult> {
  const view = await viewFix(store, id, { offset: 0, limit: 20 });
  return { exit, json: view, text: toInert(describeFix(view), false) };
}

function toUnavailable(error: DatastoreTrouble): ProductError {
  const hint = 'mend what it names and run the same command again: a fix goes on where it stopped';
  return new ProductError('datastore_unavailable', `${error.code}: ${error.message}`, { hint, cause: error });
}
