import { useId, useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { useMutation } from 'urql';
import { graphql } from '../graphql/graphql.js';
import { problemOf } from '../graphql/problem.js';
import { useGroups } from '../groups/use-groups.js';
import { count } from '../ui/format.js';
import { ImportIcon } from '../ui/icons.js';
import { Card, Empty } from '../ui/page.js';
import { ProblemNote } from '../ui/problem.js';
import { useUnsavedChanges } from '../ui/unsaved.js';

/** The client sends variables that contain a file as a multipart request. */
const ImportMutation = graphql(`
  mutation ImportContacts($file: File!, $lists: [ID!]!, $allowUnknown: Boolean!) {
    importContactsFromFile(
      input: { file: { upload: $file }, listIds: $lists, allowUnknownColumns: $allowUnknown }
    ) {
      bulkActivity {
        activityId
      }
      unknownColumns
      userErrors {
        code
        field
        message
      }
    }
  }
`);

interface ImportFormProps {
  onStart: (activityId: string, unknownColumns: readonly string[]) => void;
}

export function ImportForm({ onStart }: ImportFormProps) {
  const id = useId();
  const groups = useGroups();
  const { lists } = groups;
  const [file, setFile] = useState<File | null>(null);
  const unsaved = useUnsavedChanges(file !== null);
  const [allowUnknown, setAllowUnknown] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [{ data, error, fetching }, upload] = useMutation(ImportMutation);
  const userErrors = data?.importContactsFromFile?.userErrors ?? [];
  const messageAt = (name: string) =>
    userErrors
      .filter(({ field }) => (field?.[1] ?? 'file') === name)
      .map(({ code, message }) =>
        name === 'listIds' && code === 'REQUIRED' ? 'Choose at least one list.' : message,
      )
      .join(' ');

  const start = async () => {
    if (!file || fetching) return;
    const result = await upload({ file, lists: [...chosen], allowUnknown });
    const payload = result.data?.importContactsFromFile;
    if (payload?.bulkActivity) {
      unsaved.release();
      onStart(payload.bulkActivity.activityId, payload.unknownColumns ?? []);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start();
  };
  const toggle = (listId: string) => {
    const next = new Set(chosen);
    if (!next.delete(listId)) next.add(listId);
    setChosen(next);
  };
  const problem = problemOf(error);
  const fileError = messageAt('file');
  const listsError = messageAt('listIds');
  return (
    <form className="import" noValidate onSubmit={submit}>
      {unsaved.prompt}
      {problem && <ProblemNote problem={problem} onRetry={() => void start()} />}
      <Card title="File">
        <div className="drop" data-filled={file !== null}>
          <ImportIcon />
          <label htmlFor={`${id}-file`}>{file ? file.name : 'Choose a CSV file, or drop one here'}</label>
          <span id={`${id}-hint`} className="minor">
            {file ? `${count(Math.ceil(file.size / 1024))} KB` : `Up to 4 MB and ${count(40_000)} lines`}
          </span>
          <input
            id={`${id}-file`}
            type="file"
            accept=".csv,text/csv"
            aria-describedby={fileError ? `${id}-hint ${id}-error` : `${id}-hint`}
            aria-invalid={fileError !== ''}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
        {fileError && (
          <p id={`${id}-error`} className="field-error" role="alert">
            {fileError}
          </p>
        )}
        <label className="check">
          <input
            type="checkbox"
            checked={allowUnknown}
            onChange={(event) => setAllowUnknown(event.target.checked)}
          />
          Leave out columns that Constant Contact does not know
        </label>
        <details className="help">
          <summary>Format of the file</summary>
          <p>
            The first line names the columns. One of them is <code>email</code>; others are{' '}
            <code>first_name</code>, <code>last_name</code>, <code>job_title</code>, <code>company_name</code>
            , <code>phone</code>, <code>city</code>, and <code>cf:</code> with the name of a custom field.
            Existing contacts are updated.
          </p>
          <pre>{'email,first_name,last_name\nada@example.org,Ada,Lovelace'}</pre>
        </details>
      </Card>
      <Card title="Lists">
        {groups.problem && <ProblemNote problem={groups.problem} onRetry={groups.retry} />}
        {groups.isLoaded && lists.length === 0 && (
          <Empty title="No lists">
            Contacts are imported to a list: <Link to="/lists">create one</Link> first.
          </Empty>
        )}
        {lists.length > 0 && (
          <fieldset className="checks" aria-describedby={listsError ? `${id}-lists` : undefined}>
            <legend>Put the contacts on</legend>
            {lists.map(({ id: listId, name }) => (
              <label key={listId} className="check">
                <input type="checkbox" checked={chosen.has(listId)} onChange={() => toggle(listId)} />
                {name}
              </label>
            ))}
          </fieldset>
        )}
        {listsError && (
          <p id={`${id}-lists`} className="field-error" role="alert">
            {listsError}
          </p>
        )}
      </Card>
      <div className="actions">
        <button type="submit" className="button primary" disabled={!file} aria-disabled={fetching}>
          {fetching ? 'Uploading…' : 'Import'}
        </button>
        <span className="minor">{file ? '' : 'Choose a file first.'}</span>
      </div>
    </form>
  );
}
