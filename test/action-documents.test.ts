import { readdirSync } from 'node:fs';
import { Kind, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMappings } from '../scripts/actions/actions.js';
import { ACTION_DOCUMENTS, readActionDocument, variablesAt } from '../scripts/actions/documents.js';
import { buildSchema } from '../src/schema/index.js';
import { ACTION_INPUTS, NOT_SENT, type Variables } from './support/action-inputs/index.js';
import { startApp, type Answer, type TestApp } from './support/app.js';
import { unreached } from './support/reached.js';
import { recordRequests } from './support/recorded-requests.js';

const schema = buildSchema();
const actions = readMappings().flatMap(({ action, ...mapping }) =>
  action ? [{ ...mapping, ...readActionDocument(action.slug, schema) }] : [],
);

/** Parameters whose variables have other names, because GraphQL takes them in another form. */
const IN_OTHER_FORM: Readonly<Record<string, readonly string[]>> = {
  'count_contact_consents include': ['include_new_subscriber'],
  // Day and month are given together.
  'create_contact_from_sign_up_form birthday_day': ['birthday'],
  'create_contact_from_sign_up_form birthday_month': ['birthday'],
  // Choices of one: variables in a @oneOf input cannot be left out.
  'create_resend_to_non_openers delay_days': ['delay'],
  'create_resend_to_non_openers delay_minutes': ['delay'],
  'delete_contacts_activity contact_ids': ['source'],
  'delete_contacts_activity list_ids': ['source'],
  'export_contacts list_ids': ['source'],
  'export_contacts segment_id': ['source'],
  'list_account_email_addresses confirm_status': ['filter'],
  'list_account_email_addresses email_address': ['filter'],
  'list_account_email_addresses role_code': ['filter'],
  'update_email_campaign_activity contact_list_ids': ['recipients'],
  'update_email_campaign_activity segment_ids': ['recipients'],
  // One flag for each value.
  'get_account_summary extra_fields': ['include_physical_address', 'include_company_logo'],
  'get_contact include': [
    'include_custom_fields',
    'include_list_memberships',
    'include_taggings',
    'include_phone_numbers',
    'include_street_addresses',
    'include_notes',
  ],
  'get_contact_list include_membership_count': [
    'include_membership_count',
    'include_active_membership_count',
  ],
  'get_email_campaign_activity include': [
    'include_html_content',
    'include_permalink_url',
    'include_physical_address_in_footer',
    'include_document_properties',
  ],
  'list_contact_lists include_membership_count': [
    'include_membership_count',
    'include_active_membership_count',
  ],
  'list_contacts include': [
    'include_custom_fields',
    'include_list_memberships',
    'include_taggings',
    'include_phone_numbers',
    'include_street_addresses',
    'include_notes',
  ],
  'list_social_profiles include': ['include_accessible'],
  // The API has two names for the size of a page.
  'list_event_track_registrations page_size': ['limit'],
  // A cursor instead of a number.
  'list_social_hashtag_groups page': ['after'],
};

const CURSORS = ['after', 'next'];

function namesOfVariables({ operation }: { operation: (typeof actions)[number]['operation'] }): string[] {
  return (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
}

describe('examples/actions', () => {
  it('has one document for each action, and no other file', () => {
    const files = readdirSync(ACTION_DOCUMENTS).sort();
    expect(files).toEqual(actions.map(({ name }) => `${name}.graphql`).sort());
    expect(files).toHaveLength(93);
  });

  it.each(actions)(
    '$name is a single valid operation of that name, with a description',
    ({ name, source, document, operation }) => {
      expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
      expect(document.definitions.map(({ kind }) => kind)).toEqual([Kind.OPERATION_DEFINITION]);
      const words = name.split('_').map((word) => word[0]?.toUpperCase() + word.slice(1));
      expect(operation.name?.value).toBe(words.join(''));
      const [description = ''] = source.split(/^(?:query|mutation) /m);
      expect(description).toMatch(/^(# \S.*\n)+$/);
      expect(description.trimEnd()).toMatch(/\.$/);
    },
  );

  it('has a variable for each parameter that maps to an argument', () => {
    const others = actions.flatMap((action) =>
      [...action.places].flatMap(([parameter, place]) => {
        const variables = variablesAt(action, action.field, place);
        if (variables.join() === parameter || place.startsWith('- ')) return [];
        return [[`${action.name} ${parameter}`, variables]];
      }),
    );
    expect(Object.fromEntries(others)).toEqual(IN_OTHER_FORM);
  });

  it('has no further variables except cursors', () => {
    const others = actions.flatMap((action) => {
      const known = [...action.places].flatMap(([, place]) => variablesAt(action, action.field, place));
      return namesOfVariables(action).filter((name) => !known.includes(name) && !CURSORS.includes(name));
    });
    expect(others).toEqual(['limit']);
  });

  describe('on the sandbox', () => {
    const recorder = recordRequests();
    let app: TestApp;

    beforeAll(async () => {
      app = await startApp({
        sandbox: { contacts: 120, campaigns: 80, activitySeconds: 0 },
        client: { dispatcher: recorder.dispatcher },
      });
    });

    afterAll(async () => {
      await app.close();
      await recorder.close();
    });

    async function run(query: string, variables: Variables): Promise<Answer> {
      recorder.requests.length = 0;
      app.resetCalls();
      const answer = await app.query(query, { variables });
      expect(answer.errors).toBeUndefined();
      expect(JSON.stringify(answer.data)).not.toContain('"userErrors":[{');
      expect(app.sandbox.violations).toEqual([]);
      return answer;
    }

    it.each(actions)('$name succeeds, sends each variable, and makes $calls REST calls', async (action) => {
      const { name, source, operationId } = action;
      const counts = new Set<number>();
      const given = new Set<string>();
      for (const variables of (await ACTION_INPUTS[name]?.(app)) ?? []) {
        const { data } = await run(source, variables);
        expect(app.calls()).toContain(operationId);
        counts.add(app.calls().length);
        for (const variable of Object.keys(variables)) given.add(variable);
        const kept = Object.keys(variables).filter((variable) => NOT_SENT[`${name} ${variable}`]);
        const left = unreached(variables, recorder.requests).map((value) => value.split(/[.:[]/, 1)[0]);
        expect(left).toEqual(kept);
        if (typeof variables.limit === 'number') await nextPage(action, variables, data);
      }
      const sorted = [...counts].sort((a, b) => a - b);
      expect(sorted.join('–')).toBe(action.calls);
      expect(namesOfVariables(action).filter((variable) => !given.has(variable))).toEqual(
        CURSORS.filter((cursor) => namesOfVariables(action).includes(cursor)),
      );
    });

    /** Reads on after the first page, if there is more: other rows, not more than are asked for. */
    async function nextPage(
      action: (typeof actions)[number],
      variables: Variables,
      data: unknown,
    ): Promise<void> {
      const first = pageIn(data);
      expect(first.nodes.length).toBeLessThanOrEqual(Number(variables.limit));
      if (!first.pageInfo.hasNextPage) return;
      const cursor = namesOfVariables(action).find((name) => CURSORS.includes(name)) ?? '';
      const { data: more } = await run(action.source, { ...variables, [cursor]: first.pageInfo.endCursor });
      const second = pageIn(more);
      expect(second.nodes.length).toBeGreaterThan(0);
      expect(second.nodes).not.toEqual(first.nodes);
    }
  });
});

interface Page {
  nodes: unknown[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

/** The connection of an answer. */
function pageIn(data: unknown): Page {
  const page = connections(data)[0];
  if (!page) throw new Error('The answer has no connection.');
  return page;
}

function connections(value: unknown): Page[] {
  if (value === null || typeof value !== 'object') return [];
  return 'pageInfo' in value ? [value as Page] : Object.values(value).flatMap(connections);
}
