import { useEffect, type ReactNode } from 'react';
import { plural } from '../ui/format.js';
import { CloseIcon } from '../ui/icons.js';
import { isOver, useProgress } from './use-progress.js';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone?: 'bad' | undefined;
  /** The job that the message follows. */
  readonly job?: { readonly activityId: string; readonly done: string };
}

const SHOWN_MS = 8_000;

interface ToastProps {
  notice: Notice;
  onDismiss: (id: number) => void;
  onSettled: () => void;
}

export function Toast({ notice, onDismiss, onSettled }: ToastProps) {
  const { id, text, tone, job } = notice;
  const dismiss = () => onDismiss(id);
  if (job) {
    return <JobToast activityId={job.activityId} doing={text} done={job.done} {...{ dismiss, onSettled }} />;
  }
  return (
    <Message tone={tone} dismiss={dismiss}>
      {text}
    </Message>
  );
}

interface JobToastProps {
  activityId: string;
  doing: string;
  done: string;
  dismiss: () => void;
  onSettled: () => void;
}

function JobToast({ activityId, doing, done, dismiss, onSettled }: JobToastProps) {
  const { activity, problem, retry } = useProgress(activityId);
  const over = activity !== null && isOver(activity);
  useEffect(() => {
    if (over) onSettled();
  }, [over, onSettled]);
  if (problem) {
    return (
      <Message tone="bad" dismiss={dismiss}>
        {doing}: {problem.title}.{' '}
        <button type="button" className="button quiet" onClick={retry}>
          Try again
        </button>
      </Message>
    );
  }
  if (!over) {
    return (
      <div className="toast">
        <p>{doing}…</p>
        <progress aria-label={doing} max={100} value={activity?.percentDone ?? 0} />
      </div>
    );
  }
  const failures = activity.failures?.length ?? 0;
  if (activity.state !== 'COMPLETED' || failures > 0) {
    return (
      <Message tone="bad" dismiss={dismiss}>
        {doing}:{' '}
        {activity.state === 'COMPLETED' ? `${plural(failures, 'row')} failed.` : 'It did not complete.'}
      </Message>
    );
  }
  return <Message dismiss={dismiss}>{done}</Message>;
}

interface MessageProps {
  tone?: 'bad' | undefined;
  dismiss: () => void;
  children: ReactNode;
}

function Message({ tone, dismiss, children }: MessageProps) {
  useEffect(() => {
    if (tone === 'bad') return;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
    // No dependencies: a render must not restart the timer.
  }, []);
  return (
    <div className={tone === 'bad' ? 'toast bad' : 'toast'}>
      <p>{children}</p>
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={dismiss}>
        <CloseIcon />
      </button>
    </div>
  );
}
