import { markdown } from '@codemirror/lang-markdown';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { keymap } from '@codemirror/view';
import { EditorView, basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';

import type { Finding } from '../../api/client.generated.ts';
import styles from './writing.module.css';

/** The editor, in a file of its own: it is fetched when somebody edits. */
export interface EditorPaneProps {
  label: string;
  text: string;
  findings: readonly Finding[];
  /** Line to go to; a new object goes there again. */
  goTo: { line: number } | null;
  onChange: (text: string) => void;
  onSave: () => void;
}

/** A text in CodeMirror, with findings beside their lines. `text` is what it begins with, or begins anew with when another comes from outside. */
export function EditorPane({ label, text, findings, goTo, onChange, onSave }: EditorPaneProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onChange, onSave });
  calls.current = { onChange, onSave };
  useEffect(() => {
    const made = openEditor(place.current!, { label, text, calls });
    view.current = made;
    return () => made.destroy();
    // The text of later drawings is what this editor said itself.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [label]);
  useEffect(() => replaceText(view.current, text), [text]);
  useEffect(() => showFindings(view.current, findings), [findings]);
  useEffect(() => {
    if (goTo !== null) goToLine(view.current, goTo.line);
  }, [goTo]);
  return <div ref={place} className={styles.editor} />;
}

interface Calls {
  current: Pick<EditorPaneProps, 'onChange' | 'onSave'>;
}

function openEditor(
  parent: HTMLElement,
  { label, text, calls }: { label: string; text: string; calls: Calls },
): EditorView {
  const save = (): boolean => {
    calls.current.onSave();
    return true;
  };
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      keymap.of([{ key: 'Mod-s', run: save, preventDefault: true }]),
      basicSetup,
      // What stands above the end of front matter is no heading.
      markdown({ extensions: { remove: ['SetextHeading'] } }),
      lintGutter(),
      EditorView.lineWrapping,
      EditorView.cspNonce.of(readNonce()),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true', tabindex: '0' }),
      EditorView.updateListener.of(({ docChanged, state }) => {
        if (docChanged) calls.current.onChange(state.doc.toString());
      }),
    ],
  });
}

/** The policy of the page lets styles in by this word only. */
function readNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

function replaceText(view: EditorView | null, text: string): void {
  if (view === null || view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

const severities = { blocking: 'error', warning: 'warning', info: 'info' } as const;

/** Findings of a moment ago may name lines that are gone by now. */
function showFindings(view: EditorView | null, findings: readonly Finding[]): void {
  if (view === null) return;
  const { doc } = view.state;
  const diagnostics = findings.map(({ line, severity, message, hint }): Diagnostic => {
    const { from, to } = doc.line(Math.max(1, Math.min(line, doc.lines)));
    return { from, to, severity: severities[severity], message: hint === '' ? message : `${message} (${hint})` };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

function goToLine(view: EditorView | null, line: number): void {
  if (view === null) return;
  const { doc } = view.state;
  const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  view.focus();
}
