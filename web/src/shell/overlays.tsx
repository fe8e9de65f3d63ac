import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';

const CommandPalette = lazy(async () => ({ default: (await import('./command-palette.tsx')).CommandPalette }));
const KeyHelp = lazy(async () => ({ default: (await import('./key-help.tsx')).KeyHelp }));

type Overlay = 'palette' | 'keys';

const listeners = new Set<() => void>();
let open: Overlay | null = null;

/** Opens the commands or the help for keys, over whatever page there is; null closes them. */
export function openOverlay(overlay: Overlay | null): void {
  open = overlay;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Commands and help, which come when they are asked for: Ctrl-K or Cmd-K, and `?`. */
export function Overlays() {
  const shown = useSyncExternalStore(subscribe, () => open);
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  if (shown === null) return null;
  const Shown = shown === 'palette' ? CommandPalette : KeyHelp;
  return (
    <Suspense fallback={null}>
      <Shown onClose={() => openOverlay(null)} />
    </Suspense>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  const isPalette = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
  if (isPalette) {
    event.preventDefault();
    openOverlay(open === 'palette' ? null : 'palette');
  } else if (event.key === '?' && open === null && !isTyping(event.target)) {
    event.preventDefault();
    openOverlay('keys');
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
