import { useState } from 'react';
import { Page } from '../ui/page.js';
import { ImportForm, type Started } from './import-form.js';
import { ImportProgress } from './import-progress.js';

/** Brings contacts in from a CSV file, and follows the job until it ends. */
export function ImportPage() {
  const [started, setStarted] = useState<Started | null>(null);
  return (
    <Page title="Import">
      {started === null ? (
        <ImportForm onStart={setStarted} />
      ) : (
        <ImportProgress started={started} onAgain={() => setStarted(null)} />
      )}
    </Page>
  );
}
