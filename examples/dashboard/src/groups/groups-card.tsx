import { useState, type FormEvent } from 'react';
import { Link } from 'react-router';
import { refusalOf, type Outcome } from '../graphql/problem.js';
import { useNotices } from '../jobs/notices.js';
import { Confirm } from '../ui/confirm.js';
import { Field } from '../ui/field.js';
import { count, plural } from '../ui/format.js';
import { Empty } from '../ui/page.js';
import { sorted, Table, type Column } from '../ui/table.js';
import { useSort, useUrlState } from '../ui/url-state.js';

interface SizedGroup {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

interface GroupsCardProps {
  noun: 'list' | 'tag';
  groups: readonly SizedGroup[];
  create: (name: string) => Promise<Outcome>;
  rename: (id: string, name: string) => Promise<Outcome>;
  remove: (id: string) => Promise<Outcome>;
}

export function GroupsCard({ noun, groups, create, rename, remove }: GroupsCardProps) {
  const { say } = useNotices();
  const [sort, onSort] = useSort(useUrlState(), 'name');
  const [renaming, setRenaming] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<SizedGroup | null>(null);

  const deleteIt = async ({ id, name }: SizedGroup) => {
    setDeleting(null);
    const refusal = refusalOf(await remove(id));
    if (refusal) say(`“${name}” was not deleted. ${refusal}`, 'bad');
    else say(`The ${noun} “${name}” is being deleted. Its contacts stay.`);
  };

  const columns: Column<SizedGroup>[] = [
    {
      id: 'name',
      label: 'Name',
      canSort: true,
      width: 'minmax(0, 2fr)',
      cell: ({ id, name }) =>
        renaming === id ? (
          <NameForm
            label={`New name of ${name}`}
            action="Rename"
            initial={name}
            onSubmit={async (next) => {
              const refusal = refusalOf(await rename(id, next));
              if (refusal) return refusal;
              setRenaming(null);
              say(`“${name}” is now “${next}”.`);
              return '';
            }}
            onCancel={() => setRenaming(null)}
          />
        ) : (
          <Link to={`/contacts?${noun}=${id}`}>{name}</Link>
        ),
    },
    {
      id: 'size',
      label: 'Contacts',
      canSort: true,
      isNumber: true,
      width: '110px',
      cell: ({ size }) => count(size),
    },
    {
      id: 'actions',
      label: 'Actions',
      width: '190px',
      cell: (group) => (
        <span className="actions">
          <button
            type="button"
            className="button quiet"
            aria-label={`Rename ${group.name}`}
            onClick={() => setRenaming(group.id)}
          >
            Rename
          </button>
          <button
            type="button"
            className="button quiet"
            aria-label={`Delete ${group.name}`}
            onClick={() => setDeleting(group)}
          >
            Delete
          </button>
        </span>
      ),
    },
  ];
  return (
    <>
      <NameForm
        label={`Name of the new ${noun}`}
        action={`Create ${noun}`}
        onSubmit={async (name) => {
          const refusal = refusalOf(await create(name));
          if (!refusal) say(`The ${noun} “${name}” was created.`);
          return refusal;
        }}
      />
      <p className="note" role="status">
        {plural(groups.length, noun)}
      </p>
      {groups.length === 0 ? (
        <Empty title={`No ${noun}s`} />
      ) : (
        <Table
          label={noun === 'list' ? 'Lists' : 'Tags'}
          columns={columns}
          rows={sorted(groups, sort, { name: ({ name }) => name, size: ({ size }) => size })}
          idOf={({ id }) => id}
          sort={sort}
          onSort={onSort}
        />
      )}
      {deleting && (
        <Confirm
          question={`Delete the ${noun} “${deleting.name}”?`}
          action="Delete"
          onConfirm={() => void deleteIt(deleting)}
          onCancel={() => setDeleting(null)}
        >
          {plural(deleting.size, 'contact')} will no longer have it. The contacts themselves stay.
        </Confirm>
      )}
    </>
  );
}

interface NameFormProps {
  label: string;
  action: string;
  initial?: string;
  /** Resolves with the error of the name; empty on success. */
  onSubmit: (name: string) => Promise<string>;
  onCancel?: () => void;
}

function NameForm({ label, action, initial = '', onSubmit, onCancel }: NameFormProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    const refusal = name.trim() === '' ? 'Enter a name.' : await onSubmit(name.trim());
    setBusy(false);
    setError(refusal);
    if (!refusal) setName(initial);
  };
  return (
    <form className="name-form" noValidate onSubmit={(event) => void submit(event)}>
      <Field label={label} value={name} error={error} onChange={setName} />
      <button type="submit" className="button primary" aria-disabled={isBusy}>
        {action}
      </button>
      {onCancel && (
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </form>
  );
}
