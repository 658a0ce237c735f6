import * as resolvers from '../resolvers/partner-operation.js';
import { builder } from './builder.js';
import { inputEnum } from './enums.js';
import { accountOf, PARTNER_ONLY } from './partner.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited, unstated } from './limits.js';

const PartnerOperationMethod = inputEnum('PartnerOperationMethod', 'HTTP method of a REST request.', {
  GET: 'Reads an object.',
  POST: 'Creates an object or starts an action.',
  PUT: 'Replaces an object.',
  PATCH: 'Updates parts of an object.',
  DELETE: 'Deletes an object.',
});

const PartnerOperationParameterInput = builder.inputType('PartnerOperationParameterInput', {
  description: 'Input of a parameter or header of a REST request.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of the parameter or header.' }),
    value: t.string({ required: true, description: 'Value of the parameter or header, as text.' }),
  }),
});

/** The longest path of the contract has about 120 characters. */
const URL = unstated({ minLength: 1, maxLength: 500 });

const PartnerAccountOperationInput = builder.inputType('PartnerAccountOperationInput', {
  description: 'Input of `partnerAccountOperation`: a request of the V3 REST API.',
  fields: (t) => ({
    accountId: t.id({
      required: true,
      description: 'Global ID or Constant Contact ID of a client account that the partner manages.',
    }),
    method: t.field({
      type: PartnerOperationMethod,
      required: true,
      description: 'HTTP method of the request.',
    }),
    url: t.string({
      required: true,
      ...limited`Path after /v3 with placeholders and without a query string, such as /contacts/{contact_id}. Paths below /partner are not allowed.${URL}`,
    }),
    pathParameters: t.field({
      type: [PartnerOperationParameterInput],
      description: 'Values of the placeholders, by their names without braces.',
    }),
    queryParameters: t.field({
      type: [PartnerOperationParameterInput],
      description: 'Query parameters. Repeat a name to pass several values.',
    }),
    headers: t.field({
      type: [PartnerOperationParameterInput],
      description: 'HTTP headers, such as Accept.',
    }),
    payload: t.field({
      type: 'JSON',
      description: 'Body of the request in the format of the REST API: an object, or a text with its JSON.',
    }),
  }),
});

mutation('partnerAccountOperation', {
  description: `Sends a request of the REST API inside a client account. The calls inside the account may count against the budget as well. Reads are also mutations, because the API accepts them as a POST. NOT_FOUND means that the account, or an object of the request, does not exist. ${PARTNER_ONLY}`,
  queryCost: cost.calls(2),
  argument: 'The request.',
  input: PartnerAccountOperationInput,
  payload: (t) => ({
    result: t.expose('result', {
      type: 'JSON',
      description: 'Response of the request in the format of the REST API. `null` when it is empty.',
    }),
    account: accountOf(t),
  }),
  resolve: resolvers.partnerAccountOperation,
});
