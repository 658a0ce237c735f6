import { useEffect, useId, useRef, type ReactNode } from 'react';

interface ConfirmProps {
  question: string;
  children?: ReactNode;
  /** Label of the confirming button. */
  action: string;
  cancel?: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before an action that loses data or cannot be undone. Escape and the first button cancel. */
export function Confirm({
  question,
  children,
  action,
  cancel = 'Cancel',
  onConfirm,
  onCancel,
}: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    // A modal dialog keeps the focus, and returns it afterwards.
    const opened = dialog.current;
    opened?.showModal();
    return () => opened?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id={id}>{question}</h2>
      {children && <p>{children}</p>}
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          {cancel}
        </button>
        <button type="button" className="button danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
