import { useEffect, useRef } from 'react';

/** Whoever has gone on to something else by themselves is there, and not at nothing or in what has just been closed. */
const hasGoneOn = (active: Element | null): boolean => active !== null && active !== document.body && active.closest('[role="dialog"]') === null;

/**
 * When what lay over the page is closed, the focus goes back to what it was opened from: but not away from a person who is
 * typing elsewhere already, since closing is a navigation and may take its time.
 */
export function useFocusBack(opened: boolean): void {
  const opener = useRef<Element>(null);
  useEffect(() => {
    if (opened) {
      opener.current = document.activeElement;
      return;
    }
    if (opener.current instanceof HTMLElement && !hasGoneOn(document.activeElement)) opener.current.focus({ preventScroll: true });
    opener.current = null;
  }, [opened]);
}
