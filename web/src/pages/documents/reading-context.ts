import { createContext, use } from 'react';

import type { ReadDocumentAnswer, ReadingNode } from '../../api/client.generated.ts';

/** What stands beside the nodes of the document that is drawn. */
export interface Reading {
  launch: string;
  findings: ReadonlyMap<ReadingNode, ReadDocumentAnswer['findings']>;
  marks: ReadonlyMap<ReadingNode, ReadDocumentAnswer['marks']>;
}

/** Holds it for every node of the document. */
export const ReadingContext = createContext<Reading | null>(null);

/** What stands beside the nodes of the document around this one. */
export function useReading(): Reading {
  const reading = use(ReadingContext);
  if (reading === null) throw new Error('useReading: expected a document around the node, got none');
  return reading;
}
