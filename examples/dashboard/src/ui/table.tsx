import { Fragment, type ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { SortIcon } from './icons.js';

export interface Column<Row> {
  /** Also the sort key. */
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Track of the grid, such as `120px`. */
  readonly width?: string;
  readonly canSort?: boolean;
  readonly isNumber?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** Accessible name of a row. */
  readonly nameOf: (id: string) => string;
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  idOf: (row: Row) => string;
  sort?: Sort;
  /** Called with the id of the column whose heading is chosen. */
  onSort?: (by: string) => void;
  selection?: Selection;
  /** Content below a row, across all columns. */
  detail?: (row: Row) => ReactNode;
}

/**
 * A table whose rows become cards on a narrow screen, with each value labelled by its column. The roles are
 * explicit because some browsers drop those of table elements when they are laid out as grids.
 */
export function Table<Row>({ label, columns, rows, idOf, sort, onSort, selection, detail }: TableProps<Row>) {
  const tracks = columns.map(({ width }) => width ?? 'minmax(0, 1fr)');
  const ids = rows.map(idOf);
  const allChosen = ids.length > 0 && ids.every((id) => selection?.chosen.has(id));
  const toggle = (changed: readonly string[], isChosen: boolean) => {
    const chosen = new Set(selection?.chosen);
    for (const id of changed) {
      if (isChosen) chosen.add(id);
      else chosen.delete(id);
    }
    selection?.onChange(chosen);
  };
  return (
    <table
      role="table"
      aria-label={label}
      className="table"
      style={{ '--columns': [...(selection ? ['20px'] : []), ...tracks].join(' ') }}
    >
      <thead role="rowgroup">
        <tr role="row" className="table-head">
          {selection && (
            <th role="columnheader" scope="col" className="pick">
              <input
                type="checkbox"
                aria-label="Select all loaded rows"
                checked={allChosen}
                ref={(input) => {
                  if (input) input.indeterminate = !allChosen && ids.some((id) => selection.chosen.has(id));
                }}
                onChange={(event) => toggle(ids, event.target.checked)}
              />
              <span className="pick-label" aria-hidden="true">
                Select all
              </span>
            </th>
          )}
          {columns.map((column) => (
            <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => {
          const id = idOf(row);
          const below = detail?.(row);
          return (
            <Fragment key={id}>
              <tr role="row" className="row" data-chosen={selection?.chosen.has(id)}>
                {selection && (
                  <td role="cell" className="pick">
                    <input
                      type="checkbox"
                      aria-label={`Select ${selection.nameOf(id)}`}
                      checked={selection.chosen.has(id)}
                      onChange={(event) => toggle([id], event.target.checked)}
                    />
                  </td>
                )}
                {columns.map(({ id: columnId, label: columnLabel, cell, isNumber }, at) =>
                  at === 0 ? (
                    <th key={columnId} role="rowheader" scope="row">
                      {cell(row)}
                    </th>
                  ) : (
                    <td key={columnId} role="cell" data-label={columnLabel} data-number={isNumber}>
                      <div>{cell(row)}</div>
                    </td>
                  ),
                )}
              </tr>
              {below && (
                <tr role="row" className="row-detail">
                  <td role="cell" colSpan={columns.length}>
                    {below}
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface HeadingProps<Row> {
  column: Column<Row>;
  sort: Sort | undefined;
  onSort: ((by: string) => void) | undefined;
}

function Heading<Row>({ column: { id, label, canSort, isNumber }, sort, onSort }: HeadingProps<Row>) {
  if (!canSort || !onSort) {
    return (
      <th role="columnheader" scope="col" data-number={isNumber}>
        {label}
      </th>
    );
  }
  const isSorted = sort?.by === id;
  const direction = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th role="columnheader" scope="col" className="sortable" aria-sort={direction} data-number={isNumber}>
      <button type="button" onClick={() => onSort(id)}>
        {label}
        <SortIcon />
      </button>
    </th>
  );
}

/** Links a row to its screen, which links back to the table with its filters and order. */
export function RowLink({ to, children }: { to: string; children: ReactNode }) {
  const { pathname, search } = useLocation();
  return (
    <Link to={to} state={{ from: pathname + search }}>
      {children}
    </Link>
  );
}

/** Sorts rows by a column, for collections that are loaded whole. */
export function sorted<Row>(
  rows: readonly Row[],
  { by, descending }: Sort,
  values: Readonly<Record<string, (row: Row) => string | number | null>>,
): readonly Row[] {
  const value = values[by];
  if (!value) return rows;
  const compare = (a: Row, b: Row): number => {
    const [left, right] = [value(a), value(b)];
    if (typeof left === 'string' && typeof right === 'string') return left.localeCompare(right);
    return Number(left ?? -Infinity) - Number(right ?? -Infinity);
  };
  return [...rows].sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
}
