import { formatQueryDate } from '../constant-contact/dates.js';
import type { Context } from '../context.js';
import type { SmsCampaignSummary } from '../loaders/sms-report.js';
import { InputError } from './support/input-error.js';
import { paginate, type Connection, type ConnectionArgs } from './support/page.js';

export interface SmsCampaignSummariesArgs extends ConnectionArgs {
  startAt: Date;
  endAt?: Date | null;
}

export function smsCampaignSummaries(
  _parent: unknown,
  args: SmsCampaignSummariesArgs,
  { loaders }: Context,
): Promise<Connection<SmsCampaignSummary>> {
  if (args.endAt && args.endAt <= args.startAt)
    throw new InputError('INVALID', 'The end must be after the start.', ['endAt']);
  return paginate(
    args,
    loaders.smsCampaignSummaries.list({
      start_at: formatQueryDate(args.startAt),
      ...(args.endAt && { end_at: formatQueryDate(args.endAt) }),
    }),
  );
}
