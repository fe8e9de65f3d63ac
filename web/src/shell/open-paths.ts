/** Pages that somebody who is not signed in may look at. The demo says itself who can be there. */
const openPaths: readonly string[] = ['/sign-in', '/setup', '/redeem', '/status', '/demo'];

/** Whether a page is for strangers, too: nobody is led away from it. */
export function isOpenToStrangers(pathname: string): boolean {
  return openPaths.includes(pathname);
}
