import { isProblem } from '../api/api-error.ts';

/** Somebody is asked for proof, and this waits for it. */
export interface StepUpWish {
  /** The proof was shown. */
  resolve: () => void;
  /** It was not; what was asked for is not done. */
  reject: () => void;
}

const listeners = new Set<() => void>();
let wish: StepUpWish | null = null;

function setWish(next: StepUpWish | null): void {
  wish = next;
  for (const listener of listeners) listener();
}

/** Tells of every change of the wish that is open. */
export function subscribeToWish(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The wish that is open, or null. */
export function readWish(): StepUpWish | null {
  return wish;
}

/**
 * Does what a person wants; where the API first wants their second factor again (`step_up_wanted`), asks for it and repeats the request once. Throws the problem
 * of the API where the person does not show it.
 */
export async function withStepUp<Result>(deed: () => Promise<Result>): Promise<Result> {
  try {
    return await deed();
  } catch (error) {
    if (!isProblem(error, 'step_up_wanted')) throw error;
    if (!(await askForProof())) throw error;
    return deed();
  }
}

/** The same for components: what they do is wrapped by it. */
export function useStepUp(): typeof withStepUp {
  return withStepUp;
}

async function askForProof(): Promise<boolean> {
  wish?.reject();
  return new Promise<boolean>((resolve) => {
    const settle = (isShown: boolean): void => {
      setWish(null);
      resolve(isShown);
    };
    setWish({ resolve: () => settle(true), reject: () => settle(false) });
  });
}
