import { didYouMean } from '../config/suggestion.js';
import { operations, type OperationId } from '../constant-contact/contract/operations.js';

/** A response that replaces the operation's own. */
export interface StatusFault {
  kind: 'status';
  status: number;
  /** JSON unless `contentType` is given; a string is then sent unchanged. No body if absent. */
  body?: unknown;
  contentType?: string;
  /** Sent in addition to the usual headers, or replacing them. */
  headers?: Readonly<Record<string, string>>;
  /** Carries the operation out first: a write then happens whatever the response says. */
  carriedOut?: boolean;
}

/**
 * The operation's response with its JSON body changed, such as a role in upper case or a missing property.
 */
export interface EditFault {
  kind: 'edit';
  edit: (body: never) => unknown;
}

/**
 * Kinds of faults. Before the operation is carried out, so that a write has no effect: `status` any response
 * (unless it is `carriedOut`) · `reset` connection cut before any header · `html` a gateway page · `empty` no
 * body · `stall` no response until the client disconnects · `throttled`, `quotaExceeded` the two 429s ·
 * `notReady` 202 with an unfinished page. After the operation was carried out, so that a write did happen:
 * `resetBody` connection cut in the middle of the body · `truncate` a well-formed response whose JSON stops
 * half-way · `edit` a response with another body.
 */
export type Fault =
  | StatusFault
  | EditFault
  | { kind: 'html'; status: number }
  | { kind: 'empty'; status: number }
  | {
      kind: 'reset' | 'resetBody' | 'truncate' | 'stall' | 'throttled' | 'quotaExceeded' | 'notReady';
    };

export interface FaultScript {
  /** Default: any operation. */
  operationId?: OperationId;
  /** Only requests with these query parameters, such as `{ limit: '1000' }`. Default: any. */
  query?: Readonly<Record<string, string>>;
  /** Number of affected requests. Default: 1; `Infinity` for all. */
  times?: number;
  /** Number of matching requests that pass first. Default: 0. */
  after?: number;
  fault: Fault;
}

/** All kinds, with true for those that need a `status`. */
const NEEDS_STATUS: Readonly<Record<Fault['kind'], boolean>> = {
  status: true,
  html: true,
  empty: true,
  reset: false,
  resetBody: false,
  truncate: false,
  stall: false,
  throttled: false,
  quotaExceeded: false,
  notReady: false,
  edit: false,
};

/** Scripted faults of a sandbox, used up in order. */
export class Faults {
  #scripts: (FaultScript & { times: number; after: number })[] = [];

  /** @throws TypeError for an unknown operation or kind of fault, or without a `status` or `edit` that the kind needs */
  script(script: FaultScript): void {
    assertValid(script);
    this.#scripts.push({ ...script, times: script.times ?? 1, after: script.after ?? 0 });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** The fault of the next request, if any; uses it up. */
  next(operationId: OperationId | null, query = new URLSearchParams()): Fault | null {
    for (const script of this.#scripts) {
      if (script.operationId !== undefined && script.operationId !== operationId) continue;
      if (Object.entries(script.query ?? {}).some(([name, value]) => query.get(name) !== value)) continue;
      if (script.after > 0) {
        script.after--;
        continue;
      }
      script.times--;
      if (script.times <= 0) this.#scripts = this.#scripts.filter((other) => other !== script);
      return script.fault;
    }
    return null;
  }
}

/** A script as it can come from a program that no compiler has checked. */
interface Unchecked {
  operationId?: string;
  fault?: { kind?: string; status?: unknown; edit?: unknown };
}

/** Without this check, a script with a typing error would match no request, and its test would pass. */
function assertValid({ operationId, fault }: Unchecked): void {
  if (operationId !== undefined) assertKnown('operation', operationId, Object.keys(operations));
  const kind = String(fault?.kind);
  assertKnown('kind of fault', kind, Object.keys(NEEDS_STATUS));
  if (NEEDS_STATUS[kind as Fault['kind']] && !isStatus(fault?.status)) {
    throw new TypeError(`A fault of kind "${kind}" needs \`status\`, a whole number from 200 to 599.`);
  }
  if (kind === 'edit' && typeof fault?.edit !== 'function') {
    throw new TypeError('A fault of kind "edit" needs `edit`, a function that returns the new body.');
  }
}

function assertKnown(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new TypeError(`There is no ${what} "${name}"${didYouMean(name, known) || '.'}`);
}

const isStatus = (status: unknown) =>
  Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599;
