import type { ReactNode } from 'react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { Page } from '../ui/page.js';
import { ImportForm } from './import-form.js';
import { ImportProgress } from './import-progress.js';
import { PastImports } from './past-imports.js';

export function ImportPage() {
  const navigate = useNavigate();
  return (
    <Frame>
      <ImportForm
        onStart={(activityId, unknownColumns) =>
          void navigate(`/import/${activityId}`, { state: { unknownColumns } })
        }
      />
    </Frame>
  );
}

/** Follows one import until it ends; its id is in the URL, so a reload continues it. */
export function ImportProgressPage() {
  const { activityId = '' } = useParams();
  const { state } = useLocation() as { state: { unknownColumns?: readonly string[] } | null };
  return (
    <Frame>
      <ImportProgress key={activityId} activityId={activityId} unknownColumns={state?.unknownColumns ?? []} />
    </Frame>
  );
}

export function PastImportsPage() {
  return (
    <Frame>
      <PastImports />
    </Frame>
  );
}

function Frame({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const current = (path: string) => (pathname === path ? 'page' : undefined);
  return (
    <Page title="Import">
      <nav className="tabs" aria-label="Imports">
        <Link to="/import" aria-current={current('/import')}>
          New import
        </Link>
        <Link to="/import/past" aria-current={current('/import/past')}>
          Past imports
        </Link>
      </nav>
      {children}
    </Page>
  );
}
