import { partnerAccounts } from '../loaders/partner.js';
import { knownAccount } from '../resolvers/partner.js';
import * as resolvers from '../resolvers/partner-operation.js';
import { builder } from './builder.js';
import { inputEnum } from './enums.js';
import { PARTNER_ONLY, PartnerAccount } from './partner.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';

const PartnerOperationMethod = inputEnum('PartnerOperationMethod', 'Method of a REST request.', {
  GET: 'Reads.',
  POST: 'Makes, or starts something.',
  PUT: 'Replaces.',
  PATCH: 'Changes in part.',
  DELETE: 'Deletes.',
});

const PartnerOperationParameterInput = builder.inputType('PartnerOperationParameterInput', {
  description: 'A name and its value.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name.' }),
    value: t.string({ required: true, description: 'The value as text.' }),
  }),
});

const PartnerAccountOperationInput = builder.inputType('PartnerAccountOperationInput', {
  description: 'A request of the V3 REST API to carry out inside a client account that the partner manages.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'Global or raw id of the client account.' }),
    method: t.field({ type: PartnerOperationMethod, required: true, description: 'Method of the request.' }),
    url: t.string({
      required: true,
      description:
        'Path after /v3, with placeholders and without a query, such as /contacts/{contact_id}. Not one below /partner.',
    }),
    pathParameters: t.field({
      type: [PartnerOperationParameterInput],
      description: 'A value for each placeholder, by its name without braces.',
    }),
    queryParameters: t.field({
      type: [PartnerOperationParameterInput],
      description: 'Query parameters. Repeat a name to give several values.',
    }),
    headers: t.field({ type: [PartnerOperationParameterInput], description: 'Headers, such as Accept.' }),
    payload: t.field({
      type: 'JSON',
      description:
        'Body of the request, in the form of the REST API: an object, or a text that holds its JSON.',
    }),
  }),
});

const PartnerAccountOperationPayload = payloadType<{ result: unknown; accountId: string }>(
  'PartnerAccountOperationPayload',
  'What came of `partnerAccountOperation`.',
  (t) => ({
    result: t.field({
      type: 'JSON',
      description: 'What the request answered, in the form of the REST API; null when it answers nothing.',
      resolve: (payload) => payload.result,
    }),
    account: t.field({
      type: PartnerAccount,
      description: 'The client account.',
      queryCost: cost.scan(partnerAccounts, { unless: ['id', 'encodedAccountId', 'plan'] }),
      resolve: ({ accountId }, _args, context, info) =>
        accountId ? knownAccount(accountId, context, info) : null,
    }),
  }),
);

builder.mutationFields((t) => ({
  partnerAccountOperation: t.field({
    type: PartnerAccountOperationPayload,
    description: `Carries out a request of the REST API inside a client account. The requests inside the account may count, too. Reads are a mutation here as well, because the API takes them as a POST. NOT_FOUND is about the account or about what the request names. ${PARTNER_ONLY}`,
    queryCost: cost.calls(2),
    args: {
      input: t.arg({ type: PartnerAccountOperationInput, required: true, description: 'The request.' }),
    },
    resolve: resolvers.partnerAccountOperation,
  }),
}));
