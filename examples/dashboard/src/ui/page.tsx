import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation, useNavigationType } from 'react-router';
import { BackIcon } from './icons.js';

interface PageProps {
  title: string;
  /** Next to the title. */
  aside?: ReactNode;
  /** Above the title: a link to the parent screen. */
  back?: ReactNode;
  children: ReactNode;
}

/** A screen: sets the document's title, and moves the focus to its heading after a navigation. */
export function Page({ title, aside, back, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  const arrived = useNavigationType() === 'PUSH';
  useEffect(() => {
    document.title = `${title} · Harbor`;
  }, [title]);
  useEffect(() => {
    if (!arrived) return;
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [pathname, arrived]);
  return (
    <div className="page">
      {back}
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}

/** Link to the screen's table, with the filters and order that it had. */
export function BackLink({ to, children }: { to: string; children: ReactNode }) {
  const { state } = useLocation() as { state: { from?: string } | null };
  const from = state?.from?.split('?')[0] === to ? state.from : to;
  return (
    <Link to={from} className="back">
      <BackIcon /> {children}
    </Link>
  );
}

export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Placeholder of an empty screen. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

/** Placeholder of loading rows. */
export function Skeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <div className="skeleton" role="status">
      <span className="hidden">{label}</span>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} className="bone" aria-hidden="true" />
      ))}
    </div>
  );
}
