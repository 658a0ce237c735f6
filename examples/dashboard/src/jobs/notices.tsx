import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from 'react';
import { Toast, type Notice } from './toast.js';

interface Notices {
  /** Shows a message for some seconds; one of tone `bad` stays until it is dismissed. */
  readonly say: (text: string, tone?: 'bad') => void;
  /** Shows the progress of a job, and `done` when it has completed. */
  readonly follow: (activityId: string, doing: string, done: string) => void;
  /** Number of finished jobs; lists of contacts start again when it changes. */
  readonly settledJobs: number;
}

const NoticesContext = createContext<Notices | null>(null);

/** Messages on top of every screen, so that they outlive the screen that caused them. */
export function NoticesProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const [settledJobs, setSettledJobs] = useState(0);
  const next = useRef(1);
  const add = useCallback((notice: Omit<Notice, 'id'>) => {
    const id = next.current++;
    setNotices((all) => [...all, { ...notice, id }]);
  }, []);
  const dismiss = useCallback((id: number) => {
    setNotices((all) => all.filter((notice) => notice.id !== id));
  }, []);
  const settle = useCallback(() => setSettledJobs((jobs) => jobs + 1), []);
  const value = useMemo<Notices>(
    () => ({
      say: (text, tone) => add({ text, tone }),
      follow: (activityId, text, done) => add({ text, job: { activityId, done } }),
      settledJobs,
    }),
    [add, settledJobs],
  );
  return (
    <NoticesContext value={value}>
      {children}
      <section className="toasts" aria-label="Notifications" aria-live="polite">
        {notices.map((notice) => (
          <Toast key={notice.id} notice={notice} onDismiss={dismiss} onSettled={settle} />
        ))}
      </section>
    </NoticesContext>
  );
}

export function useNotices(): Notices {
  const notices = useContext(NoticesContext);
  if (!notices) throw new Error('There is no NoticesProvider above.');
  return notices;
}
