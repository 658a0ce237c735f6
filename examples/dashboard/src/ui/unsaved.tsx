import { useCallback, useEffect, useRef, type ReactNode } from 'react';
import { useBeforeUnload, useBlocker } from 'react-router';
import { Confirm } from './confirm.js';

interface Unsaved {
  /** Asks whether to leave, when somebody is about to; to be rendered. */
  readonly prompt: ReactNode;
  /** From here on leaving is fine: the changes were saved. */
  readonly release: () => void;
}

/** Warns before a form with changes is left: by a link, the way back, a reload or closing the page. */
export function useUnsavedChanges(hasChanges: boolean): Unsaved {
  const mayLose = useRef(false);
  useEffect(() => {
    mayLose.current = hasChanges;
  }, [hasChanges]);
  const blocker = useBlocker(() => mayLose.current);
  useBeforeUnload(
    useCallback((event) => {
      if (mayLose.current) event.preventDefault();
    }, []),
  );
  return {
    release: () => {
      mayLose.current = false;
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
