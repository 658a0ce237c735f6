import { useEffect, useId, useRef, type ReactNode } from 'react';

interface ConfirmProps {
  question: string;
  children?: ReactNode;
  /** What the button that goes on is called. */
  action: string;
  cancel?: string;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks before something that is lost or cannot be undone. Escape and the first button cancel. */
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
    // As a modal the dialog keeps the focus, and returns it to where it was.
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
