import type { RequestBody } from '../../constant-contact/contract/operations.js';
import { conflict, invalid } from '../errors.js';
import type { Handlers, InnerRequest, Reply } from '../handler.js';
import { checkAddress } from '../model/contact-parts.js';
import { instant } from '../model/instant.js';
import { billingStatus, findPartnerAccount, inside, optOut, planOf, siteOwner } from '../model/partner.js';
import { PLAN_TYPES, type PlanType } from '../stores/partner.js';
import { millis } from '../dates.js';

const PAGE = 50;
const FEWEST = 10;
const REASONS: readonly number[] = [1, 2, 3, 11, 12, 14, 21, 27, 30];
const ROLES: readonly string[] = ['account_manager', 'campaign_creator'];
const WITH_STATES: readonly string[] = ['US', 'USA', 'CA', 'CAN'];
const LOGIN_NAME = /^[\w\-@.+]+$/;

/** Client accounts of a technology partner. A new one is empty. */
export const partner = {
  getPartnerSiteOwners: ({ account, query, now }) => {
    const { offset = 0, account_type } = query;
    const limit =
      query.limit !== undefined && query.limit >= FEWEST && query.limit <= PAGE ? query.limit : PAGE;
    const rows = account.partnerAccounts.filter(
      (row) =>
        account_type === undefined || account_type === 'all' || row.managed === (account_type === 'managed'),
    );
    const next = new URLSearchParams({ offset: String(offset + limit), limit: String(limit) });
    if (account_type !== undefined) next.set('account_type', account_type);
    return {
      status: 200,
      body: {
        site_owner_list: rows.slice(offset, offset + limit).map((row) => siteOwner(row, now)),
        ...(offset + limit < rows.length && {
          _links: { next: { href: `/v3/partner/accounts?${next.toString()}` } },
        }),
      },
    };
  },

  provision: ({ account, body, now }) => {
    checkProvision(body);
    const login = body.login_name.toLowerCase();
    if (account.partnerLogins.has(login)) throw conflict('login_name is taken.');
    account.partnerLogins.add(login);
    const row = account.partnerAccounts.add({
      encoded_account_id: account.ids.key('partner-account'),
      organization_name: body.organization_name ?? null,
      site_owner_name: [body.first_name, body.last_name].filter(Boolean).join(' ') || body.login_name,
      contact_email: body.contact_email,
      managed: body.managed_site_owner ?? true,
      subscriber_count: 0,
      last_login_at: null,
      created_at: now,
      plan_type: 'TRIAL',
      billing_day_of_month: null,
      cancelled_at: null,
      opened: false,
    });
    return {
      status: 201,
      body: {
        encoded_account_id: row.encoded_account_id,
        provision_uuid: account.ids.uuid('partner-provision'),
      },
    };
  },

  getPlan: ({ account, path, now }) => ({
    status: 200,
    body: planOf(findPartnerAccount(account, path.encoded_account_id), now),
  }),

  /** The billing day applies only when an account leaves its trial, which cannot be started again. */
  setPlan: ({ account, path, body, now }) => {
    const row = findPartnerAccount(account, path.encoded_account_id);
    const plan = (body.plan_type ?? row.plan_type) as PlanType;
    const day = body.billing_day_of_month;
    if (!PLAN_TYPES.includes(plan)) throw invalid('plan_type is not in the plan group.');
    if (plan === 'TRIAL' && row.plan_type !== 'TRIAL') throw invalid('An account cannot return to TRIAL.');
    if (day !== undefined && (day < 1 || day > 31))
      throw invalid('billing_day_of_month is not a day of a month.');
    if (billingStatus(row, now) === 'Canceled') throw invalid('The account is canceled.');
    if (row.plan_type === 'TRIAL' && plan !== 'TRIAL') {
      row.billing_day_of_month = day ?? new Date(now).getUTCDate();
    }
    row.plan_type = plan;
    return { status: 200, body: planOf(row, now) };
  },

  cancelAccount: ({ account, path, body, now }) => {
    const row = findPartnerAccount(account, path.encoded_account_id);
    const { reason_id, effective_date } = body;
    if (reason_id !== undefined && !REASONS.includes(reason_id)) throw invalid('reason_id is not known.');
    const at = effective_date === undefined ? now : instant('effective_date', effective_date);
    if (at < now) throw invalid('effective_date is in the past.');
    if (row.cancelled_at !== null && row.cancelled_at <= now) throw invalid('The account is canceled.');
    row.cancelled_at = at;
    return {
      status: 200,
      body: { effective_date: millis(at), ...(reason_id !== undefined && { reason_id }) },
    };
  },

  createSSOUser: ({ account, path, body }) => {
    findPartnerAccount(account, path.encoded_account_id);
    checkAddress(body.contact_email);
    if (!ROLES.includes(body.role_name)) throw invalid('role_name is not known.');
    const login = body.login_name.toLowerCase();
    if (account.partnerLogins.has(login)) throw conflict('login_name is taken.');
    account.partnerLogins.add(login);
    return { status: 201 };
  },

  partnerUnsubscribeContacts: ({ account, path, body, now, world }) => {
    const row = findPartnerAccount(account, path.encoded_account_id);
    const addresses = (body.email_addresses ?? []).map((text) => checkAddress(text).toLowerCase());
    if (addresses.length === 0) throw invalid('email_addresses is empty.');
    if (body.global_unsubscribe && addresses.length > 1)
      throw invalid('global_unsubscribe accepts one address only.');
    const how = {
      now,
      source: body.update_source,
      reason: body.opt_out_reason,
      remove: body.delete_contacts,
    };
    const others = body.global_unsubscribe
      ? account.partnerAccounts.filter((other) => other.opened && other !== row)
      : [];
    if (body.global_unsubscribe) for (const address of addresses) account.partnerOptOuts.add(address);
    const counts = [row, ...others].map((each) => optOut(inside(account, each, world, now), addresses, how));
    return { status: 200, body: { unsubscribed_count: counts.reduce((sum, count) => sum + count, 0) } };
  },

  partnerAccountOperationsPostSync: async ({ account, path, body, now, world }) => {
    const row = findPartnerAccount(account, path.encoded_account_id);
    if (!row.managed) throw invalid('The partner does not manage this account.');
    return outerReply(await world.perform(innerRequest(body), inside(account, row, world, now)));
  },
} satisfies Handlers;

/** @throws Refusal 400 for violations that the contract's schema cannot express */
function checkProvision(body: RequestBody<'provision'>): void {
  checkAddress(body.contact_email);
  if (!LOGIN_NAME.test(body.login_name))
    throw invalid('login_name contains a character that is not allowed.');
  const wantsState = WITH_STATES.includes(body.country_code.toUpperCase());
  if (wantsState !== /^[A-Z]{2}$/i.test(body.state_code)) {
    throw invalid('state_code is required in the United States and Canada, and not allowed elsewhere.');
  }
  if (body.password !== undefined && (body.external_id !== undefined || /\s/.test(body.password))) {
    throw invalid('password has spaces, or was sent together with external_id.');
  }
  if ((body.external_id === undefined) !== (body.external_provider === undefined)) {
    throw invalid('external_id and external_provider must be set together.');
  }
  if (body.website !== undefined && !/^https?:\/\//i.test(body.website))
    throw invalid('website is not a URL.');
}

/**
 * The request inside the partner's request.
 * @throws Refusal 400 when it is invalid
 */
function innerRequest(body: RequestBody<'partnerAccountOperationsPostSync'>): InnerRequest {
  const url = body.account_operation_url;
  if (!url.startsWith('/') || url.includes('?')) throw invalid('account_operation_url is not a path.');
  if (/^\/(v3\/)?partner(\/|$)/i.test(url))
    throw invalid('account_operation_url must not be an operation for partners.');
  const values = new Map(
    (body.account_operation_path_parameters ?? []).map(({ path_param_key, path_param_value }) => [
      path_param_key,
      path_param_value,
    ]),
  );
  const path = url.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw invalid(`account_operation_path_parameters lacks ${name}.`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams(
    (body.account_operation_query_parameters ?? []).map(
      ({ query_param_key = '', query_param_value = '' }) => [query_param_key, query_param_value],
    ),
  );
  const payload = body.account_operation_payload;
  return {
    method: body.account_operation_method.toUpperCase(),
    path,
    query,
    ...(payload !== undefined && { body: parse(payload) }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('account_operation_payload is not valid JSON.');
  }
}

/** The inner response, with a status that the outer operation declares. */
function outerReply({ status, body }: Reply): Reply<never> {
  if (status < 300) return { status: 200, body: (body ?? {}) as never };
  const known = [400, 401, 403, 404, 500];
  return { status: known.includes(status) ? status : status > 500 ? 500 : 400, body: body as never };
}
