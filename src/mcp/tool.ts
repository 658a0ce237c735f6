import type { Call, Caller } from './caller.js';
import type { Effects } from './effects.js';
import type { JsonSchema } from './input-schema.js';
import type { Outcome } from './result.js';

/** A tool as `tools/list` returns it. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: Annotations;
}

interface Annotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** @param isOpenWorld true for a tool that calls the REST API */
export function annotationsOf(title: string, effects: Effects, isOpenWorld: boolean): Annotations {
  return {
    title,
    readOnlyHint: effects.isRead,
    destructiveHint: effects.isDestructive,
    idempotentHint: effects.isIdempotent,
    openWorldHint: isOpenWorld,
  };
}

export interface Tool {
  readonly name: string;
  readonly effects: Effects;
  /** True when results can have texts of the account, which other people wrote. */
  readonly hasAccountData: boolean;
  describe(caller: Caller): ToolDescription;
  call(call: Call): Promise<Outcome>;
}
