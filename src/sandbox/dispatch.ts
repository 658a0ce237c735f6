import type { OperationId } from '../constant-contact/contract/operations.js';
import type { Account } from './account.js';
import { settle } from './account-lifecycle.js';
import { errorBody, Refusal } from './errors.js';
import type { Call, InnerRequest, Reply, World } from './handler.js';
import { Page, readCursor } from './paging.js';
import { matchRoute, type Match } from './router.js';
import { handlers } from './routes/index.js';
import { checkRequest, checkResponse, type Violation } from './validate.js';

/** Environment of a request. */
export interface Surroundings {
  readonly account: Account;
  readonly world: World;
  readonly now: number;
  /** Contract violations are added here; null disables the checks of bodies and unknown parameters. */
  readonly violations: Violation[] | null;
}

type AnyHandler = (call: Call) => Reply | Promise<Reply>;

/**
 * Carries out one request inside an account: finds the operation, validates the request, applies due changes,
 * calls the handler and validates the response. Refusals become responses.
 */
export async function dispatch(request: InnerRequest, surroundings: Surroundings): Promise<Reply> {
  const { account, now, violations } = surroundings;
  const match = matchRoute(request.method, request.path);
  if (!match) return refusalReply(request.path, new Refusal(404, 'not_found', 'There is no such resource.'));
  settle(account, now);
  try {
    const reply = await carryOut(match, request, surroundings);
    const issues = violations ? checkResponse(match.facts, reply.status, reply.body) : [];
    if (issues.length > 0) violations?.push({ operationId: match.id, side: 'response', issues });
    return reply;
  } catch (error) {
    if (error instanceof Refusal) return refusalReply(request.path, error);
    throw error;
  }
}

async function carryOut(match: Match, request: InnerRequest, surroundings: Surroundings): Promise<Reply> {
  const { account, world, now, violations } = surroundings;
  const links = match.facts.paging === 'links';
  const { filters, start } = links
    ? readCursor(match.id, request.query)
    : { filters: request.query, start: null };
  const checked = checkRequest(match.id, match.facts, {
    path: match.path,
    query: filters,
    body: request.body,
  });
  if (violations && checked.issues.length > 0) {
    violations.push({ operationId: match.id, side: 'request', issues: checked.issues });
    throw new Refusal(400, 'validation.error', checked.issues.join(', '));
  }
  const handler = handlers[match.id] as AnyHandler | undefined;
  if (!handler) throw new Refusal(501, 'not_implemented', `The sandbox does not support ${match.id}.`);
  const call = {
    path: checked.path,
    query: checked.query,
    body: request.body,
    files: request.files ?? {},
    page: new Page(match.id, request.path, filters, start),
    account,
    now,
    world,
  } as Call<OperationId>;
  return handler(call);
}

function refusalReply(path: string, refusal: Refusal): Reply {
  return { status: refusal.status, body: errorBody(path, refusal), headers: refusal.headers };
}
