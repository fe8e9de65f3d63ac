import { bundleFiles } from './bundle-layout.ts';
import { held, notChecked, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step } from './bundle-state.ts';
import { readDecisionHeader } from './decision-header.ts';
import { firstDifference } from './first-difference.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { readBundleText } from './read-bundle-text.ts';

const hint = 'the documents are not the ones that this decision was made from; compare them with the commit in Git';

/** Documents, launch and plan hash, each read from the one before. */
export const checkLaunch: Step = {
  id: 'launch',
  needed: true,
  code: 'launch_mismatch',
  hint,
  run(state) {
    state.launchJson = readBundleText(state.source, bundleFiles.launch);
    const launch = parseStrictJson(state.launchJson, bundleFiles.launch);
    state.decision = readDecisionHeader(readBundleText(state.source, bundleFiles.decision), bundleFiles.decision);
    state.planHash = state.decision.planHash;
    compareDocuments(state, launch);
    const { readLaunch } = state.recompute;
    if (readLaunch === null) return notChecked('this verifier cannot read launch documents');
    const documents = readDocuments(state);
    const reading = readLaunch(documents);
    if (!reading.ok) throw mismatch('documents/', 'documents without problems', reading.problems[0] ?? 'a problem');
    if (reading.launchJson !== state.launchJson) {
      const found = firstDifference(JSON.parse(reading.launchJson), launch);
      const at = `${bundleFiles.launch} ${found?.path ?? '$'}`;
      throw mismatch(at, `${found?.expected ?? 'the launch'} as the documents say`, found?.got ?? 'another form');
    }
    if (reading.planHash !== state.planHash) {
      throw mismatch(`${bundleFiles.decision} $.planHash`, reading.planHash, state.planHash);
    }
    return held(`${documents.size} documents, plan ${reading.planHash}`);
  },
};

/** The launch names its documents by digest: text that declares nothing is covered, too, and none can be slipped in. */
function compareDocuments({ index }: BundleState, launch: unknown): void {
  const listed = typeof launch === 'object' && launch !== null && 'documents' in launch ? launch.documents : null;
  const wanted = new Map<unknown, unknown>();
  for (const document of Array.isArray(listed) ? listed : []) {
    const { path, sha256 } = (typeof document === 'object' && document !== null ? document : {}) as Record<
      string,
      unknown
    >;
    wanted.set(`documents/${String(path)}`, sha256);
  }
  const present = new Map(index.files.map((file) => [file.name, file.sha256]));
  for (const name of present.keys()) {
    if (name.startsWith('documents/') && !wanted.has(name))
      throw mismatch(name, 'a document of the launch', 'another file');
  }
  for (const [name, sha256] of wanted) {
    const got = present.get(String(name)) ?? 'nothing';
    if (got !== sha256) throw mismatch(String(name), `sha256 ${String(sha256)} as in launch.json`, got);
  }
}

function readDocuments({ index, source }: BundleState): Map<string, Uint8Array> {
  const names = index.files.map((file) => file.name).filter((name) => name.startsWith('documents/'));
  return new Map(names.map((name) => [name.slice('documents/'.length), source.read(name)]));
}

function mismatch(where: string, expected: string, got: string): VerifyFailure {
  return new VerifyFailure({ code: 'launch_mismatch', where, expected, got, hint });
}
