import { askEarly } from './api/early-answers.ts';
import { toFirstNeeds } from './shell/first-needs.ts';
import { pageFiles } from './shell/page-files.ts';

/*
 * Runs before everything else, while the rest of the page is still on its way: what the page at this address will ask for is asked for now. Without it each
 * would wait for the one before, framework, page, answer, and on a slow phone that is the time until something can be read.
 */
const needs = toFirstNeeds(location);
if (needs !== null) {
  const { page, asks, gatesOf } = needs;
  const [, first] = asks.map((address) => askEarly(address));
  if (gatesOf !== undefined && first !== undefined) void askForGates(gatesOf, first);
  // A file that does not come is asked for again by the router, which says so.
  pageFiles[page]().catch(() => undefined);
}

/** Asks for each gate that the launch has. What went wrong is told to the page, which takes the same answer. */
async function askForGates(of: string, launch: Promise<Response>): Promise<void> {
  try {
    const answer = await launch;
    if (!answer.ok) return;
    const { gates } = (await answer.clone().json()) as { gates: { id: string }[] };
    for (const { id } of gates) void askEarly(`${of}/gates/${encodeURIComponent(id)}${new URL(answer.url).search}`);
  } catch {
    // As above.
  }
}
