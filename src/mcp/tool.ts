import type { Call, Caller } from './caller.js';
import type { Effects } from './effects.js';
import type { JsonSchema } from './input-schema.js';
import type { Outcome } from './result.js';

/** A tool as a client sees it. */
export interface ToolDescription {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly annotations: {
    readonly title: string;
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
}

export interface Tool {
  readonly name: string;
  readonly effects: Effects;
  describe(caller: Caller): ToolDescription;
  call(call: Call): Promise<Outcome>;
}
