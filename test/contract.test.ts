import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contradictions } from '../scripts/contract/contradictions.js';
import { changesBetween } from '../scripts/contract/changes.js';
import { contractOf, filesOf, FILES } from '../scripts/contract/generate.js';
import { correct } from '../scripts/contract/correct.js';
import { operationsOf, type Contract } from '../scripts/contract/model.js';
import { corrections } from '../scripts/contract/corrections.js';
import { readSource } from '../scripts/contract/source.js';
import { CONTRACT, drift, update } from '../scripts/contract/update.js';
import { operations, type OperationFacts } from '../src/constant-contact/contract/operations.js';

const contract = JSON.parse(await readFile(join(CONTRACT, 'contract.json'), 'utf8')) as Contract;
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'contract-'));
});

afterAll(async () => {
  await rm(scratch, { recursive: true });
});

/** A small contract like the vendor's: prose everywhere, shared responses, and a few of the known errors. */
const swagger = {
  swagger: '2.0',
  info: { title: 'Prose of the title', description: 'Prose of the contract', version: '1.2.3' },
  host: 'api.cc.email',
  basePath: '/v3',
  schemes: ['https'],
  tags: [{ name: 'Contacts', description: 'Prose of a tag' }],
  securityDefinitions: {
    oauth2_implicit: {
      type: 'oauth2',
      flow: 'implicit',
      authorizationUrl: 'https://example.test/authorize',
      scopes: { contact_data: 'Prose of a scope' },
    },
  },
  paths: {
    '/billing/plans': {},
    '/contact_tags': {
      get: {
        operationId: 'getTags',
        summary: 'Prose of a summary',
        description: 'Prose of an operation',
        tags: ['Contacts'],
        produces: ['application/json'],
        security: [{ oauth2_implicit: ['contact_data'] }],
        externalDocs: { url: 'https://example.test/prose' },
        'x-codegen': 'prose',
        parameters: [
          {
            name: 'limit',
            in: 'query',
            description: 'Prose of a parameter',
            type: 'integer',
            minLength: 1,
            maxLength: 500,
            default: 50,
          },
          {
            name: 'kind',
            in: 'query',
            type: 'array',
            items: { type: 'string', enum: ['b', 'a'] },
            collectionFormat: 'multi',
          },
        ],
        responses: {
          200: {
            description: 'Prose of a response',
            schema: { $ref: '#/definitions/Tags' },
            examples: { 'application/json': { tags: ['prose'] } },
          },
          401: { $ref: '#/responses/Unauthorized' },
        },
      },
    },
    '/activities/contacts_file_import': {
      post: {
        operationId: 'contactsCSVImport',
        tags: ['Contacts'],
        consumes: ['multipart/form-data'],
        produces: ['application/json'],
        security: [{ oauth2_implicit: ['contact_data'] }],
        parameters: [
          { name: 'file', in: 'formData', type: 'file', required: true, description: 'Prose of a file' },
          { name: 'list_ids', in: 'formData', type: 'string', format: 'csv', maxItems: 50 },
        ],
        responses: { 201: { description: 'Prose', schema: { type: 'object', properties: {} } } },
      },
    },
  },
  responses: { Unauthorized: { description: 'Prose of a refusal' } },
  definitions: {
    Unused: { type: 'string' },
    Tags: {
      type: 'object',
      title: 'Prose of a title',
      required: ['tags', 'description'],
      properties: {
        tags: { type: 'array', items: { $ref: '#/definitions/Tag' }, description: 'Prose of a property' },
        description: { type: 'string', description: 'Prose about the description', example: 'prose' },
        title: { type: 'string', 'x-order': 1 },
        example: { type: 'string' },
        'x-rank': { type: 'integer', format: 'int32' },
        _links: { $ref: '#/definitions/tagsPagingLinks' },
      },
    },
    Tag: { type: 'object', properties: { name: { type: 'string', maxLength: 255, readOnly: true } } },
    tagsPagingLinks: { type: 'object', properties: { next: { $ref: '#/definitions/tagsLinks' } } },
    tagsLinks: {
      type: 'object',
      properties: { href: { type: 'string' }, next: { $ref: '#/definitions/Tag' } },
    },
  },
};

async function small(): Promise<Contract> {
  const file = join(scratch, 'swagger.json');
  await writeFile(file, JSON.stringify(swagger));
  return contractOf(await readSource(file)).contract;
}

describe('the committed contract', () => {
  it('has every operation of the API once', () => {
    const ids = operationsOf(contract).map(({ id }) => id);
    expect(ids).toHaveLength(128);
    expect(Object.keys(operations)).toEqual([...ids].sort());
    expect(contract.servers).toEqual([{ url: 'https://api.cc.email/v3' }]);
  });

  it('contains no contradictory schema', () => {
    expect(contradictions(contract)).toEqual([]);
  });

  it('has a place for every known error of the specification, each corrected there', () => {
    const results = correct(structuredClone(contract), corrections);
    expect(results.filter(({ outcome }) => outcome !== 'unneeded')).toEqual([]);
    expect(corrections.filter(({ where, why }) => where.length === 0 || why.length < 20)).toEqual([]);
  });

  it('has no prose: text occurs only in names, formats, patterns and URLs', () => {
    const texts = new Set<string>();
    JSON.stringify(contract, (key, value: unknown) => {
      if (typeof value === 'string' && !['version', 'title', 'url', 'pattern'].includes(key))
        texts.add(value);
      return value;
    });
    const tags = operationsOf(contract).flatMap(({ operation }) => operation.tags);
    const sentences = [...texts].filter((text) => /\s/.test(text) && !tags.includes(text));
    expect(sentences).toEqual([]);
  });
});

describe('the table of operations', () => {
  const facts: Record<string, OperationFacts> = operations;

  it('describes requests', () => {
    expect(facts['getRegistrationInfo']).toMatchObject({
      path: '/events/{event_id}/tracks/{track_id}/registrations/{registration_id}',
      pathParams: ['event_id', 'track_id', 'registration_id'],
    });
    expect(facts['contactsCSVImport']?.body).toBe('multipart');
    expect(facts['getContactsExport']?.response).toBe('csv');
    expect(facts['listAutomations']?.success).toEqual([209]);
    expect(facts['copyEvent']?.success).toEqual([200, 207]);
    expect(Object.keys(facts).filter((id) => facts[id]?.repeated.length)).toEqual([
      'getBounces',
      'getContactTracking',
      'getSocialProfilesUsingGET',
    ]);
    expect(Object.values(facts).filter(({ auth }) => auth === 'partner')).toHaveLength(13);
  });

  it('describes paginated responses and where their rows are', () => {
    const pages = Object.values(facts).filter(({ paging }) => paging === 'links');
    expect(pages).toHaveLength(29);
    expect(pages.every(({ method, rows }) => method === 'GET' && rows)).toBe(true);
    expect(facts['getContacts']?.rows).toBe('contacts');
    expect(facts['getPartnerSiteOwners']?.rows).toBe('site_owner_list');
    expect(facts['findEvents']?.rows).toBe('records');
    expect(facts['getSocialHashtagGroupsUsingGET']?.rows).toBe('hashtag_groups');
    expect(facts['getUserPrivileges']).toMatchObject({ paging: 'none', rows: '' });
    expect(facts['getContact']).toMatchObject({ paging: 'none', rows: null });
  });
});

describe('known requests and responses of the API', () => {
  const ajv = formats.default(new Ajv({ strict: false }));
  ajv.addSchema(contract, 'contract');
  const isValid = (name: string, value: unknown) =>
    ajv.validate({ $ref: `contract#/components/schemas/${name}` }, value);
  const tracking = {
    contact_id: 'a3d7f2b0-0000-11ee-8000-fa163e000001',
    campaign_activity_id: 'a3d7f2b0-0000-11ee-8000-fa163e000002',
    tracking_activity_type: 'em_bounces',
    email_address: 'a@example.com',
    bounce_code: 'B',
    created_time: '2026-04-28T21:46:22Z',
  };

  it.each<[string, unknown]>([
    ['Contacts', { contacts: [] }],
    ['Contacts', { status: 'processing' }],
    ['SegmentsDTO', { segments: [], _links: {} }],
    ['Tags', { tags: [], _links: { next: { href: null } } }],
    ['PContactOpensTrackingActivitiesPage', { tracking_activities: [] }],
    ['BouncesTrackingActivitiesPage', { tracking_activities: [{ ...tracking, deleted_at: '2026-04-28' }] }],
    [
      'BouncesTrackingActivitiesPage',
      { tracking_activities: [{ ...tracking, deleted_at: '2026-04-28T21:46:22Z' }] },
    ],
    ['PaginatedRegistrations', { records: [], total_records: 0, next_cursor: null }],
    ['ContactResource', { first_name: null, birthday_month: null, deleted_at: '2026-04-28' }],
    ['AccountEmails', [{ email_id: 1, confirm_time: '2026-02-05T07:32:49.766+0000' }]],
    ['SmsEngagementHistory', [{ history_details: { consent_action_time: '2023-01-23 06:09:23 -0800' } }]],
    ['ActivityGeneric', { activity_id: 'a', state: 'failed', activity_errors: [{ message: 'No.' }, 'No.'] }],
    ['CustomFieldChoice', { choice_id: '9A63BC' }],
    ['CustomFieldChoice', { choice_id: 7 }],
    [
      'CampaignStatsQueryResultEmail',
      { results: [{ stats: { 'em_opens.all.mobile': 3, em_opens_all: 4 } }] },
    ],
  ])('%s: %j', (name, value) => {
    expect(isValid(name, value), ajv.errorsText()).toBe(true);
  });

  it.each<[string, unknown, boolean]>([
    ['EventPatchDto', { name: 'Gala' }, true],
    ['EmailScheduleInput', { scheduled_date: '0' }, true],
    [
      'ListActivityRemoveContacts',
      { source: { list_ids: ['a3d7f2b0-0000-11ee-8000-fa163e000001'] }, list_ids: [] },
      true,
    ],
    ['CustomFieldId100', { custom_field_ids: Array<string>(101).fill(tracking.contact_id) }, false],
    ['ContactPutRequest', { first_name: 'Ada' }, false],
  ])('%s accepts %j: %j', (name, value, expected) => {
    expect(isValid(name, value), ajv.errorsText()).toBe(expected);
  });

  it.each<[string, string, string, boolean]>([
    ['getContacts', 'include', 'notes,taggings', true],
    ['getContacts', 'include', 'notes,sms_channel', false],
    ['getContacts', 'lists', Array(25).fill('a').join(), true],
    ['getContacts', 'lists', Array(26).fill('a').join(), false],
    ['getEmailSummary', 'campaign_ids', Array(151).fill('a').join(), false],
    ['findRegistrationsUsingGET', 'registration_status', 'FAILED', true],
  ])('%s %s=%s: %j', (id, parameter, value, expected) => {
    const { operation } = operationsOf(contract).find((one) => one.id === id) ?? {};
    const schema = operation?.parameters.find(({ name }) => name === parameter)?.schema;
    expect(ajv.validate(schema ?? {}, value)).toBe(expected);
  });
});

describe('the generator', () => {
  it('keeps the facts of a Swagger 2 contract and drops its prose', async () => {
    const facts = await small();
    expect(JSON.stringify(facts)).not.toMatch(/prose/i);
    expect(facts.info.version).toBe('1.2.3');
    expect(facts.servers).toEqual([{ url: 'https://api.cc.email/v3' }]);
    expect(Object.keys(facts.paths)).toEqual(['/activities/contacts_file_import', '/contact_tags']);
    expect(Object.keys(facts.components.schemas)).toEqual(['Tag', 'Tags', 'tagsLinks', 'tagsPagingLinks']);
    expect(facts.paths['/contact_tags']?.get).toEqual({
      operationId: 'getTags',
      tags: ['Contacts'],
      security: [{ oauth2_implicit: ['contact_data'] }],
      parameters: [
        {
          name: 'kind',
          in: 'query',
          explode: true,
          schema: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
        },
        { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 } },
      ],
      responses: {
        200: {
          description: '',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Tags' } } },
        },
        401: { description: '' },
      },
    });
  });

  it('keeps properties whose names are keywords of prose', async () => {
    const { properties, required } = (await small()).components.schemas['Tags'] ?? {};
    expect(required).toEqual(['description', 'tags']);
    expect(properties).toMatchObject({
      description: { type: 'string' },
      title: { type: 'string' },
      example: { type: 'string' },
      'x-rank': { type: 'integer' },
    });
  });

  it('generates types and a table from it', async () => {
    const files = await filesOf(await small());
    expect(files['types.ts']).toContain("'x-rank'?: number;");
    expect(files['types.ts']).toContain('file: Blob;');
    expect(files['operations.ts']).toMatch(/repeated: \['kind'\][^]*paging: 'links',\s+rows: 'tags'/);
    for (const name of FILES) expect(files[name]).not.toMatch(/prose/i);
  });

  it('reads YAML and a URL as well', async () => {
    const yaml = 'openapi: 3.0.3\ninfo: { version: "4" }\npaths: {}\n';
    const server = createServer((request, answer) => {
      if (request.url === '/v3.yaml') answer.end(yaml);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      expect(await readSource(`${origin}/v3.yaml`)).toMatchObject({ info: { version: '4' } });
      await expect(readSource(`${origin}/gone`)).rejects.toThrow('answered 404');
    } finally {
      server.close();
    }
  });

  it('rejects a document that is not a contract', async () => {
    const file = join(scratch, 'other.json');
    await writeFile(file, '{ "openapi": "3.1.0" }');
    await expect(readSource(file)).rejects.toThrow('neither Swagger 2.0 nor OpenAPI 3.0');
    expect(() => contractOf({ paths: { '/a': { get: {} } } })).toThrow('no operationId');
    const dangling = { get: { operationId: 'a', parameters: [{ $ref: '#/components/parameters/gone' }] } };
    expect(() => contractOf({ paths: { '/a': dangling } })).toThrow('leads nowhere');
  });

  it('reports which corrections applied, which were not needed and which have no place', async () => {
    const { results } = contractOf(await readSource(join(scratch, 'swagger.json')));
    const outcome = (place: string) => results.find(({ where }) => where === place)?.outcome;
    expect(outcome('getTags?limit')).toBe('corrected');
    expect(outcome('tagsLinks')).toBe('corrected');
    expect(outcome('contactsCSVImport#list_ids')).toBe('corrected');
    expect(outcome('getContacts?lists')).toBe('missing');
    expect(outcome('ContactResource.taggings[]')).toBe('missing');
  });

  it('finds a contradiction that no correction covers', () => {
    const odd = structuredClone(contract);
    Object.assign(odd.components.schemas['TagPut']?.properties?.['name'] ?? {}, { maximum: 5 });
    Object.assign(odd.components.schemas['TagIdList500Limit']?.properties?.['tag_ids'] ?? {}, {
      maxItems: 0,
    });
    expect(contradictions(odd)).toEqual([
      'TagIdList500Limit.tag_ids: an array that must be empty',
      'TagPut.name: maximum on a schema of type "string"',
    ]);
  });

  it('reports additions, removals and changes', () => {
    const now = structuredClone(contract);
    const { ContactList: list, Tag: tag } = now.components.schemas;
    Object.assign(list?.properties ?? {}, { colour: { type: 'string', maxLength: 7 } });
    Object.assign(tag?.properties ?? {}, { name: { type: 'string', maxLength: 99 } });
    delete now.paths['/contacts/counts'];
    now.paths['/contact_tags']?.get?.parameters.pop();
    expect(changesBetween(contract, now)).toEqual([
      '- operation countContact  GET /contacts/counts oauth2_access_code(contact_data) oauth2_implicit(contact_data) Contacts',
      '- operation getTags query limit  integer minimum=1 maximum=500 default=50',
      '+ schema ContactList.colour  string maxLength=7',
      '~ schema Tag.name  string → string maxLength=99',
    ]);
  });
});

describe('the committed files', () => {
  async function copy(name: string): Promise<string> {
    const directory = join(scratch, name);
    await cp(CONTRACT, directory, { recursive: true });
    return directory;
  }

  it('equal the output of the generator', async () => {
    const directory = await copy('same');
    const { report, isSound } = await update(join(CONTRACT, 'contract.json'), directory);
    expect(isSound).toBe(true);
    expect(report[0]).toBe('No operation, parameter or property has changed.');
    for (const name of FILES) {
      expect(await readFile(join(directory, name), 'utf8')).toBe(
        await readFile(join(CONTRACT, name), 'utf8'),
      );
    }
  });

  it('are reported when they were edited by hand', async () => {
    const directory = await copy('changed');
    for (const name of ['types.ts', 'operations.ts']) {
      const text = await readFile(join(directory, name), 'utf8');
      await writeFile(join(directory, name), text.replace('/account/emails', '/account/letters'));
    }
    const differences = await drift(directory);
    expect(differences).toHaveLength(2);
    expect(differences[0]).toMatch(/^types\.ts differs from line \d+: has .*letters.*, should have .*emails/);
    expect(differences[1]).toMatch(/^operations\.ts differs/);
  });

  it('are reported when the contract is not normalised or lacks a correction', async () => {
    const directory = await copy('slipped');
    const slipped = structuredClone(contract);
    Object.assign(slipped.components.schemas['CustomFieldId100']?.properties?.['custom_field_ids'] ?? {}, {
      maxItems: 0,
      description: 'How many',
    });
    await writeFile(join(directory, 'contract.json'), JSON.stringify(slipped));
    const differences = await drift(directory);
    expect(differences[0]).toMatch(/^contract\.json differs from line 1/);
    expect(differences).toContain(
      '~ schema CustomFieldId100.custom_field_ids  array maxItems=0 description="How many" → array maxItems=100',
    );
  });
});
