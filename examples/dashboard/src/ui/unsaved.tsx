import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';
import { Confirm } from './confirm.js';

interface Unsaved {
  /** The confirmation dialog; must be rendered. */
  readonly prompt: ReactNode;
  /** Call it after saving: leaving no longer asks. */
  readonly release: () => void;
}

/** Warns before a form with changes is left: by a link, the back button, a reload or closing the page. */
export function useUnsavedChanges(hasChanges: boolean): Unsaved {
  const hasUnsaved = useRef(false);
  useEffect(() => {
    hasUnsaved.current = hasChanges;
  }, [hasChanges]);
  const blocker = useBlocker(() => hasUnsaved.current);
  useBeforeUnload(
    useCallback((event) => {
      if (hasUnsaved.current) event.preventDefault();
    }, []),
  );
  return {
    release: () => {
      hasUnsaved.current = false;
    },
    prompt: blocker.state === 'blocked' && (
      <Confirm
        question="Leave without saving?"
        action="Discard changes"
        cancel="Keep editing"
        onConfirm={blocker.proceed}
        onCancel={blocker.reset}
      >
        Your changes are not saved yet.
      </Confirm>
    ),
  };
}
