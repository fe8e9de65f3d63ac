import { useEffect } from 'react';

/** Something that the command palette can do on this page. */
export interface Command {
  id: string;
  name: string;
  run: () => void;
}

const commands = new Map<string, Command>();

/** Offers actions of a page in the command palette for as long as the page is open. Keep the list stable (`useMemo`). */
export function useCommands(list: readonly Command[]): void {
  useEffect(() => {
    for (const command of list) commands.set(command.id, command);
    return () => {
      for (const { id } of list) commands.delete(id);
    };
  }, [list]);
}

/** The actions that are offered now. */
export function readCommands(): Command[] {
  return [...commands.values()];
}
