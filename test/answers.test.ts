import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  operations,
  type OperationFacts,
  type OperationId,
} from '../src/constant-contact/contract/operations.js';
import type { Fault } from '../src/sandbox/faults.js';
import { startApp, type Answer, type TestApp } from './support/app.js';
import { variablesFor } from './support/example-variables.js';
import { operationExample } from './support/operation-example.js';

/** Answers that cannot be those of the operation, whatever their status says. */
const ERROR = {
  error_key: 'contacts.api.validation.error',
  error_message: 'Somebody@example.org is not allowed',
};
const OWN_STATUS = { status: 'error', name: 'no', description: 'no' };
const HTML = '<html><body>Somebody@example.org</body></html>';
const json = (status: number, body: unknown): Fault => ({ kind: 'status', status, body });
const text = (status: number, contentType: string, body: string): Fault => ({
  kind: 'status',
  status,
  body,
  contentType,
});

const ERRORS: Record<string, Fault> = {
  'a list of errors': json(200, [ERROR]),
  'a list of errors, as something made': json(201, [ERROR]),
  'one error': json(200, ERROR),
  'an OAuth error': json(200, { error: 'server_error', error_description: 'no' }),
  'errors alone': json(200, { errors: [ERROR] }),
  'errors that are no list': json(200, { errors: ERROR }),
  'errors beside properties without a value': json(200, {
    errors: [ERROR],
    ...Object.fromEntries(
      ['contact_id', 'list_id', 'campaign_id', 'activity_id', 'event_id', 'id', 'name', 'results'].map(
        (name) => [name, null],
      ),
    ),
  }),
  'errors, cut off': text(200, 'application/json', JSON.stringify([ERROR]).slice(0, -20)),
  'an error, by another type': text(200, 'text/csv', JSON.stringify(ERROR)),
  'an error of a gateway': json(200, { fault: { faultstring: 'no', detail: { errorcode: 'x' } } }),
  'an error of a function': json(200, { errorMessage: 'Task timed out', errorType: 'Sandbox.Timedout' }),
  'an error by its code': json(200, { error_code: 500, error_description: 'no' }),
  'errors of an activity alone': json(200, { activity_errors: ['Line 7: Somebody@example.org'] }),
};
/** Errors of other programs between here and the API. */
const FAILURES: Record<string, Fault> = {
  'a failure': json(200, { success: false, description: 'no' }),
  'a problem (RFC 9457)': json(200, { type: 'about:blank', title: 'no', status: 500, detail: 'no' }),
};
/** Errors in other forms, in answers to writes. */
const AS_STRING = json(200, JSON.stringify([ERROR]));
/** The same where no body is promised. Elsewhere, a write whose response is no JSON is done but unread. */
const CONTENTS: Record<string, Fault> = {
  'a success by its words': json(200, { message: 'Done.' }),
  'a text of success': text(200, 'text/plain', 'OK'),
  messages: json(200, { messages: ['Limit of the account'] }),
  'an error in base64': text(200, 'text/plain', Buffer.from(JSON.stringify([ERROR])).toString('base64')),
  'an error in another language': json(200, { Meldung: 'Zugriff verweigert' }),
  'a web page': text(200, 'text/html', HTML),
  'JSON, cut off': text(200, 'application/json', '{"name":"x","descr'),
  'a text of a gateway': text(200, 'text/plain', 'upstream connect timed out'),
  'a text of a proxy': text(201, 'text/plain', 'Internal Server Error'),
  'a page of a gateway': text(200, 'text/html', '<html><title>502 Bad Gateway</title></html>'),
  'a document with an error': text(200, 'text/xml', '<?xml version="1.0"?><error>x</error>'),
};
/** The same as objects and lists, which fit no creation. */
const OTHER_OBJECTS: Record<string, Fault> = {
  'an error within an object': json(200, { response: ERROR }),
  'errors within a list': json(200, [[ERROR]]),
  'errors as a string within an object': json(200, { body: JSON.stringify(ERROR) }),
  'errors of a validation': json(200, { validation_errors: ['x'] }),
  'an error by its number': json(200, { code: 500, message: 'x' }),
  'an error by its class': json(200, { name: 'ValidationError', message: 'x' }),
  'an error of AWS': json(200, { __type: 'ThrottlingException', message: 'x' }),
  'a refusal of AWS': json(200, { Message: 'User is not authorized' }),
  'a problem without a status': json(200, { type: 'about:blank', title: 'x', detail: 'x' }),
  'a problem without a type': json(200, { title: 'x', detail: 'x', description: 'x' }),
};
/** Statuses, and answers, that say nothing about a write. */
const UNTOLD: Record<string, Fault> = {
  'a redirect': { kind: 'empty', status: 302 },
  'nothing new': { kind: 'empty', status: 304 },
  'a timeout of the API': json(408, [ERROR]),
  'a web page of a refusal': text(400, 'text/html', HTML),
  'a web page of something missing': text(404, 'text/html', HTML),
  'a web page of a conflict': text(409, 'text/plain', HTML),
  'a status that nobody has registered': json(499, ERROR),
  'an error of the server': json(500, [ERROR]),
  'a web page of a gateway': text(502, 'text/html', HTML),
};
/** Bodies of a success that are no JSON, or empty. */
const UNREAD: Record<string, Fault> = {
  'a web page': text(200, 'text/html', HTML),
  'a web page without its type': text(201, 'application/json', HTML),
  'JSON, cut off': text(200, 'application/json', '{"name":"x","descr'),
};
/** The same where an object is promised. */
const NO_OBJECT: Record<string, Fault> = {
  text: text(200, 'text/plain', 'OK'),
  'an empty object': json(201, {}),
  'a text of JSON': json(200, 'done'),
};
/** Without an object that has no properties, which says as much as an empty body. */
const { 'an empty object': _, ...NO_BODY_NEEDED } = NO_OBJECT;
const SOMETHING_ELSE = json(200, { message: 'Forbidden' });
/** Bodies that no operation promises which answers with an object. */
const MISFITS: Record<string, Fault> = { ...NO_OBJECT, 'an object of something else': SOMETHING_ELSE };

const ids = (Object.keys(operations) as OperationId[]).sort();
const factsOf = (id: OperationId): OperationFacts => operations[id];
/** The response of an operation in a client account is returned unchanged, except for errors. */
const isFreeForm = (id: OperationId) => id === 'partnerAccountOperationsPostSync';
/** Writes whose payload needs no part of the response. */
const STATUS_SUFFICES = [
  'cancelAccount',
  'partnerAccountOperationsPostSync',
  'partnerUnsubscribeContacts',
  'putPhysicalAddress',
  'scheduleEmailCampaignActivityUsingPOST',
  'testSendWebhooksTopic',
];
/** True when an empty response does not confirm all that the payload shows. */
const needsBody = (id: OperationId) => {
  const { response, bodiless } = factsOf(id);
  return response === 'json' && !bodiless.includes(200) && !STATUS_SUFFICES.includes(id);
};

let app: TestApp;
beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 120, campaigns: 80, activitySeconds: 0 } });
});
afterAll(() => app.close());
beforeEach(() => {
  app.sandbox.reset();
});

/** Runs the example of an operation, whose every call is answered so. In a client account it writes. */
async function answered(id: OperationId, fault: Fault): Promise<Answer> {
  app.sandbox.faults.clear();
  app.resetCalls();
  const { query, variables } = operationExample(id);
  const own = await variablesFor(id, variables, app);
  app.sandbox.faults.script({ operationId: id, fault, times: 1_000 });
  const answer = await app.query(isFreeForm(id) ? query.replace('method: GET', 'method: POST') : query, {
    variables: own,
  });
  expect(JSON.stringify(answer)).not.toContain('Somebody');
  expect(JSON.stringify(answer.data)).not.toMatch(/[iI]d":""/);
  return answer;
}

describe('a write (unexpected responses)', () => {
  const writes = ids.filter((id) => factsOf(id).method !== 'GET');

  it.each(writes)(
    '%s is reported as neither done nor refused when the response does not tell',
    async (id) => {
      const { method, response, rows, bodiless, properties } = factsOf(id);
      const promisesBody = response === 'json' && bodiless.length === 0 && !isFreeForm(id);
      const faults = {
        ...ERRORS,
        ...UNTOLD,
        ...(!isFreeForm(id) && { ...FAILURES, 'errors as a string': AS_STRING, false: json(200, false) }),
        ...(response === 'none' && CONTENTS),
        ...(!isFreeForm(id) && method !== 'POST' && OTHER_OBJECTS),
        ...(!isFreeForm(id) && !properties.includes('status') && { status: json(200, OWN_STATUS) }),
        ...(promisesBody && { 'an object of something else': SOMETHING_ELSE }),
        ...(promisesBody && rows !== '' && { 'the other kind': json(200, [{ name: 'x' }]) }),
      };
      for (const [what, fault] of Object.entries(faults)) {
        const { data, errors } = await answered(id, fault);
        expect(app.sandbox.journal.count(id), what).toBe(1);
        const [{ userErrors = [] } = {}] = Object.values(data ?? {}).filter(Boolean) as any[];
        // The other fields of a new event are a second write, whose failure is reported next to the event.
        const told = [...(errors ?? []), ...userErrors];
        expect(told, what).toHaveLength(1);
        expect(told[0].message, what).toContain('may or may not have been carried out');
        if (userErrors.length > 0) expect(userErrors[0].code, what).toBe('PARTLY_DONE');
        else
          expect(errors?.[0].extensions, what).toMatchObject({
            code: expect.stringMatching(/^UPSTREAM_/) as string,
            retryable: false,
          });
      }
    },
  );

  it.each(writes)('%s is reported as done when its response cannot be read', async (id) => {
    const { response, bodiless } = factsOf(id);
    const promisesBody = response === 'json' && bodiless.length === 0 && !isFreeForm(id);
    const faults = {
      ...(response !== 'none' && !bodiless.includes(200) && UNREAD),
      ...(promisesBody && (STATUS_SUFFICES.includes(id) ? NO_BODY_NEEDED : NO_OBJECT)),
      ...(needsBody(id) && { nothing: { kind: 'empty', status: 201 } satisfies Fault }),
    };
    for (const [what, fault] of Object.entries(faults)) {
      const { data, errors } = await answered(id, fault);
      expect(app.sandbox.journal.count(id), what).toBe(1);
      const [{ userErrors = [] } = {}] = Object.values(data ?? {}).filter(Boolean) as any[];
      const told = userErrors.filter((error: any) => error.code === 'DONE_UNREAD');
      expect(told, `${what} ${JSON.stringify(errors)}`).toHaveLength(1);
      expect(told[0].message, what).toMatch(/carried out the write \(HTTP 20[01]\).*Do not send it again/);
    }
  });

  const bodiless = writes.filter((id) => factsOf(id).response === 'none');
  it.each(bodiless)(
    '%s, which has no response body, is done if the body has no content, or an object of the API',
    async (id) => {
      for (const fault of [
        json(200, { success: true, errors: [], error: null, message: '' }),
        json(200, { tag_id: '00000000-0000-11ee-8000-000000000001', name: 'Errors' }),
        json(200, null),
        text(200, 'text/plain', ' \n'),
        json(201, {}),
      ]) {
        const { errors } = await answered(id, fault);
        expect(errors?.filter(({ extensions }) => extensions.code !== 'NOT_FOUND') ?? []).toEqual([]);
      }
    },
  );
});

describe('a sparse response to a write', () => {
  it.each<[OperationId, object[]]>([
    ['putTag', [{ tag_id: '00000000-0000-11ee-8000-000000000001' }, { name: 'Errors' }]],
    ['putList', [{ name: 'Not found' }, { description: 'Expired', favorite: true }]],
    ['putCustomField', [{ label: 'Error', type: 'string' }]],
    ['renameEmailCampaignUsingPATCH', [{ name: 'Failed', type: 'NEWSLETTER' }]],
    ['updateAutomationCampaignUsingPut', [{ id: '1', status: 'DRAFT' }, { status: 'ACTIVE' }]],
    ['setPlan', [{ plan_type: 'GOLD', new_property: 'x' }]],
  ])('%s is done when the response has its id, or only properties of the object', async (id, bodies) => {
    for (const body of bodies) {
      const { data, errors } = await answered(id, json(200, body));
      const [{ userErrors = [] } = {}] = Object.values(data ?? {}).filter(Boolean) as any[];
      expect([errors ?? [], userErrors], JSON.stringify(body)).toEqual([[], []]);
      expect(app.sandbox.journal.count(id)).toBe(1);
    }
  });

  it.each<[OperationId, object]>([
    ['updateAutomationCampaignUsingPut', { status: '500' }],
    ['putPhysicalAddress', { city: 'x', message: 'x' }],
    ['createSocialPostUsingPOST', { status: 'error', message: 'x' }],
  ])('%s is not confirmed when the response could be an error', async (id, body) => {
    const { data, errors } = await answered(id, json(200, body));
    const [{ userErrors = [] } = {}] = Object.values(data ?? {}).filter(Boolean) as any[];
    expect([...(errors ?? []), ...userErrors].map(({ message }) => message as string)).toEqual([
      expect.stringContaining('may or may not have been carried out'),
    ]);
  });
});

describe('a read (unexpected responses)', () => {
  const reads = ids.filter((id) => factsOf(id).method === 'GET');

  it.each(reads)('%s fails on an error body, and never returns an empty list', async (id) => {
    const misfits = factsOf(id).response === 'json' ? MISFITS : {};
    for (const [what, fault] of Object.entries({ ...ERRORS, ...FAILURES, ...UNREAD, ...misfits })) {
      const { errors } = await answered(id, fault);
      const codes = new Set(errors?.map(({ extensions }) => extensions.code as string));
      expect([...codes], what).toEqual(['UPSTREAM_INVALID_RESPONSE']);
    }
  });

  /** Reads of one object, and the property of it that the path asks for. */
  const objects = reads.flatMap((id) => {
    const [, asked = ''] = /\{(\w+)\}$/.exec(factsOf(id).path) ?? [];
    const key = asked === 'automation_flow_id' ? 'id' : asked;
    return factsOf(id).rows === null && factsOf(id).properties.includes(key) ? [[id, key] as const] : [];
  });
  it.each(objects)(
    '%s never returns an object of nulls, nor one without another value than %s',
    async (id, key) => {
      const misfits: Record<string, Fault> = {
        nothing: { kind: 'empty', status: 204 },
        'an empty list': json(200, []),
        null: json(200, null),
        'nulls only': {
          kind: 'edit',
          edit: (body: object) => Object.fromEntries(Object.keys(body).map((name) => [name, null])),
        },
        'an error beside it': { kind: 'edit', edit: (body: object) => ({ ...body, errors: [ERROR] }) },
        'an empty id alone': json(200, { [key]: '' }),
      };
      for (const [what, fault] of Object.entries(misfits)) {
        const { errors } = await answered(id, fault);
        expect(app.sandbox.journal.count(id), what).toBeGreaterThan(0);
        expect(
          errors?.map(({ extensions }) => extensions.code),
          what,
        ).toContain('UPSTREAM_INVALID_RESPONSE');
      }
      const { errors } = await answered(id, json(202, { status: 'in_progress' }));
      expect(errors?.[0].extensions).toMatchObject({
        code: 'UPSTREAM_NOT_READY',
        retryable: true,
        retryAfterSeconds: 10,
      });
    },
  );

  it.each(objects)('%s may leave out its %s, which the request has', async (id, key) => {
    for (const value of [undefined, null, '']) {
      const fault: Fault = { kind: 'edit', edit: (body: object) => ({ ...body, [key]: value }) };
      const { errors } = await answered(id, fault);
      expect(app.sandbox.journal.count(id)).toBeGreaterThan(0);
      expect(errors).toBeUndefined();
    }
  });

  const collections = reads.filter((id) => factsOf(id).paging === 'links');
  it.each(collections)('%s fails when its rows are not a list of rows', async (id) => {
    const { rows } = factsOf(id);
    const next = { href: `/v3${factsOf(id).path.replace(/\{\w+\}/g, 'x')}?next=2` };
    for (const odd of [{}, 'none', [7], [ERROR], undefined]) {
      const fault: Fault = {
        kind: 'edit',
        edit: (body: object) => ({ ...body, _links: { next }, [rows ?? '']: odd }),
      };
      const { errors } = await answered(id, fault);
      expect(
        errors?.map(({ extensions }) => extensions.code),
        JSON.stringify(odd),
      ).toContain('UPSTREAM_INVALID_RESPONSE');
    }
  });

  it.each(collections)('%s may leave out its rows where nothing says that it has some', async (id) => {
    const { rows, properties } = factsOf(id);
    const counts = properties.filter((name) => /^total_|_count$/.test(name));
    for (const body of [{ _links: {} }, ...counts.map((name) => ({ [name]: 0 }))]) {
      const { data, errors } = await answered(id, json(200, body));
      expect(errors, JSON.stringify(body)).toBeUndefined();
      const list = await answered(id, json(200, { ...body, [rows ?? '']: [] }));
      expect(data).toEqual(list.data);
    }
    for (const name of counts) {
      const { errors } = await answered(id, json(200, { _links: {}, [name]: 3 }));
      expect(errors?.map(({ extensions }) => extensions.code)).toContain('UPSTREAM_INVALID_RESPONSE');
    }
  });
});

describe('a property that the contract does not have', () => {
  const EXTRAS = {
    error_report_url: 'https://example.org',
    error_details: { rows: [] },
    exception_list: ['a'],
    faults: { a: 1 },
    errors: ['Line 7 is bad'],
    status: 'failed',
  };
  it.each<OperationId>([
    'bulkImportContactsJSON',
    'createContact',
    'createList',
    'getActivity',
    'getContact',
    'getContacts',
    'getLists',
    'getTags',
    'postListAddContact',
    'retrieveEmailAddresses',
  ])('does not make a good answer of %s an error, whatever its name', async (id) => {
    const { properties, rows } = factsOf(id);
    for (const [name, value] of Object.entries(EXTRAS)) {
      if (properties.includes(name)) continue;
      const add = (row: object) => ({ ...row, [name]: value });
      const edit = (body: any) => {
        if (Array.isArray(body)) return body.map(add);
        return rows === null ? add(body) : { ...add(body), [rows]: body[rows].map(add) };
      };
      const { errors } = await answered(id, { kind: 'edit', edit });
      expect(errors, name).toBeUndefined();
    }
  });
});
