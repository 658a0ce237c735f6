import type { OperationId } from '../constant-contact/contract/operations.js';

/**
 * What can go wrong with one answer.
 *
 * Before the operation is carried out, so that a write has no effect:
 * `status` any status with a body (JSON unless `contentType` says otherwise) · `reset` connection cut before any
 * header · `html` a gateway page · `empty` no body · `stall` no answer until the client goes away ·
 * `throttled`, `quotaExceeded` the two 429s · `notReady` 202 with an unfinished page.
 *
 * After it was carried out, so that a write did happen:
 * `resetBody` connection cut in the middle of the body · `truncate` a well-formed answer whose JSON stops half-way.
 */
export type Fault =
  | { kind: 'status'; status: number; body?: unknown; contentType?: string }
  | { kind: 'html'; status: number }
  | { kind: 'empty'; status: number }
  | {
      kind: 'reset' | 'resetBody' | 'truncate' | 'stall' | 'throttled' | 'quotaExceeded' | 'notReady';
    };

export interface FaultScript {
  /** Only this operation; any when absent. */
  operationId?: OperationId;
  /** How many requests are hit; 1 when absent. */
  times?: number;
  /** How many matching requests pass untouched first; 0 when absent. */
  after?: number;
  fault: Fault;
}

/** The scripted failures of a sandbox, used up in the order they were scripted. */
export class Faults {
  #scripts: { operationId: OperationId | undefined; times: number; after: number; fault: Fault }[] = [];

  script(script: FaultScript): void {
    this.#scripts.push({
      operationId: script.operationId,
      times: script.times ?? 1,
      after: script.after ?? 0,
      fault: script.fault,
    });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** The fault for a request that is about to be served, if any; uses it up. */
  next(operationId: OperationId | null): Fault | null {
    for (const script of this.#scripts) {
      if (script.operationId !== undefined && script.operationId !== operationId) continue;
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
