import type { OperationId } from '../constant-contact/contract/operations.js';

/** An answer that stands in the place of the operation's own. */
export interface StatusFault {
  kind: 'status';
  status: number;
  /** JSON unless `contentType` says otherwise; with a `contentType`, a string is sent as it is. Nothing when absent. */
  body?: unknown;
  contentType?: string;
  /** Sent besides those that every answer has, or instead of them. */
  headers?: Readonly<Record<string, string>>;
  /** Whether the operation is carried out first, so that a write does happen whatever its answer says. */
  carriedOut?: boolean;
}

/** The operation's own answer with its JSON body changed, such as a role in upper case or a property taken away. */
export interface EditFault {
  kind: 'edit';
  edit: (body: never) => unknown;
}

/**
 * What can go wrong with one answer.
 *
 * Before the operation is carried out, so that a write has no effect:
 * `status` any answer (unless it is `carriedOut`) · `reset` connection cut before any header · `html` a gateway
 * page · `empty` no body · `stall` no answer until the client goes away · `throttled`, `quotaExceeded` the two
 * 429s · `notReady` 202 with an unfinished page.
 *
 * After it was carried out, so that a write did happen:
 * `resetBody` connection cut in the middle of the body · `truncate` a well-formed answer whose JSON stops half-way ·
 * `edit` an answer with another body.
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
  /** Only this operation; any when absent. */
  operationId?: OperationId;
  /** Only requests whose query has these values, such as `{ limit: '1000' }`; any when absent. */
  query?: Readonly<Record<string, string>>;
  /** How many requests are hit; 1 when absent, `Infinity` for all. */
  times?: number;
  /** How many matching requests pass untouched first; 0 when absent. */
  after?: number;
  fault: Fault;
}

/** The scripted failures of a sandbox, used up in the order they were scripted. */
export class Faults {
  #scripts: (FaultScript & { times: number; after: number })[] = [];

  script(script: FaultScript): void {
    this.#scripts.push({ ...script, times: script.times ?? 1, after: script.after ?? 0 });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** The fault for a request that is about to be served, if any; uses it up. */
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
