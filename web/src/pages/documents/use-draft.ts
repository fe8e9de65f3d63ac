import { useEffect, useState } from 'react';

/** A text of the file and its version. */
export interface Base {
  text: string;
  version: string;
}

/** What is being written over which text. While it differs, closing the tab is asked about: the draft is nowhere else. */
export function useDraft(begin: Base) {
  const [base, setBase] = useState(begin);
  const [text, setText] = useState(begin.text);
  const isChanged = text !== base.text;
  useEffect(() => {
    if (!isChanged) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);
  const beginAnew = (from: Base): void => {
    setBase(from);
    setText(from.text);
  };
  return { base, text, isChanged, setText, setBase, beginAnew };
}
