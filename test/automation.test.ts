import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const DETAIL = 'retrieveAutomationCampaignUsingGet';

let app: TestApp;

beforeEach(async () => {
  const now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 60, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const rows = () => [...app.sandbox.account().automations];
const named = (name: string) => rows().find((row) => row.name === name)!;
const list = async (args: string) => {
  const { data, errors } = await app.query(`{ automations${args} { totalCount nodes { name } } }`);
  expect(errors).toBeUndefined();
  const names: string[] = data.automations.nodes.map((node: { name: string }) => node.name);
  expect(data.automations.totalCount).toBe(names.length);
  return names;
};

describe('the collection', () => {
  it('returns every automation, newest first, in one call that responds with 209', async () => {
    const { data } = await app.query(
      `{ automations { totalCount pageInfo { hasNextPage } nodes {
        id automationFlowId name description status activeState draftState templateId
        createdAt createdById updatedAt promotedAt promotedById tags { key value displayValue }
      } } }`,
    );
    expect(app.calls()).toEqual(['listAutomations']);
    expect(app.sandbox.journal.entries[0]?.status).toBe(209);
    expect(data.automations.totalCount).toBe(12);
    expect(data.automations.pageInfo.hasNextPage).toBe(false);
    expect(data.automations.nodes.map((node: any) => node.name)).toEqual(
      rows()
        .map((row) => row.name)
        .reverse(),
    );
    const welcome = named('Welcome to Harborlight');
    expect(data.automations.nodes.at(-1)).toEqual({
      id: encodeGlobalId('Automation', welcome.id),
      automationFlowId: welcome.id,
      name: welcome.name,
      description: welcome.description,
      status: 'ACTIVE',
      activeState: 'ACTIVE',
      draftState: 'PROMOTED',
      templateId: welcome.template_id,
      createdAt: new Date(welcome.created_at).toISOString(),
      createdById: welcome.created_by_id,
      updatedAt: new Date(welcome.updated_at).toISOString(),
      promotedAt: new Date(welcome.promoted_at!).toISOString(),
      promotedById: welcome.promoted_by_id,
      tags: [{ key: 'GOAL', value: 'welcome_new_contacts', displayValue: 'Welcome new contacts' }],
    });
    expect(data.automations.nodes[0]).toMatchObject({
      activeState: null,
      promotedAt: null,
      templateId: null,
    });
  });

  it('filters and sorts', async () => {
    expect(await list('(filter: { channel: "sms" })')).toEqual(['Text message welcome']);
    expect(await list('(filter: { name: "Book club" })')).toEqual(['Book club']);
    expect(await list('(filter: { name: "book" })')).toEqual([]);
    expect(await list('(filter: { goals: "win_back" }, sortDirection: ASC)')).toEqual([
      'Quiet readers',
      'Somewhat engaged',
    ]);
    const templates = await list('(filter: { createdFrom: TEMPLATE })');
    const scratch = await list('(filter: { createdFrom: SCRATCH })');
    expect(templates.length + scratch.length).toBe(12);
    expect(templates).toContain('Welcome to Harborlight');
    expect(scratch).toContain('Book club');
  });

  it('continues from a cursor, and rejects a cursor of other filters', async () => {
    const page = (args: string) =>
      app.query(`{ automations(${args}) { nodes { name } pageInfo { endCursor hasNextPage } } }`);
    const first = (await page('first: 10')).data.automations;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = (await page(`first: 10, after: "${first.pageInfo.endCursor}"`)).data.automations;
    expect([...first.nodes, ...rest.nodes]).toHaveLength(12);
    const other = await page(`after: "${first.pageInfo.endCursor}", sortDirection: ASC`);
    expect(other.errors?.[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem: 'INVALID' });
  });

  it.each(['name', 'goals'])('rejects an empty %s', async (key) => {
    const { errors } = await app.query(`{ automations(filter: { ${key}: "" }) { nodes { name } } }`);
    expect(errors?.[0].extensions).toMatchObject({ problem: 'REQUIRED', field: ['filter', key] });
    expect(app.calls()).toEqual([]);
  });

  it.each(['first: 0', 'first: 10001', 'after: "nonsense"'])('rejects %s before any call', async (args) => {
    const { data, errors } = await app.query(`{ automations(${args}) { nodes { id } } }`);
    expect(data.automations).toBeNull();
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(app.calls()).toEqual([]);
  });

  it('costs one more call per automation when definitions are selected', async () => {
    const { data } = await app.query(
      '{ automations(first: 3) { nodes { activeDefinition { state } draftDefinition { state } nameExplicitlySet } } }',
    );
    expect(data.automations.nodes).toHaveLength(3);
    expect(app.calls()).toEqual(['listAutomations', DETAIL, DETAIL, DETAIL]);
  });
});

describe('one automation', () => {
  const DOCUMENT = `query ($id: ID!) { automation(id: $id) {
    name nameExplicitlySet
    activeDefinition {
      state raw
      trigger {
        type actionName uniqueBy engagementLevel segmentId version workflowFilter filterVersion
        bounds { after before } date { type dateField monthField dayField }
        parameters { name type operator texts value rule }
        filter { type compoundRuleType target targetType rule { type }
          left { comparison { propertyName operator arguments customFieldId } }
          right { comparison { customFieldId customFieldValue customField { label } } } }
      }
      workflow {
        status campaignId automationTemplateId upgradable metadata timeout { amount unit }
        parameters { automationFlowId automationFlowName campaignId discountCode }
        tasks { taskId kind thenTasks { taskId kind } elseTasks { taskId kind } childTasks { taskId } }
        allTasks {
          taskId name kind campaignActivityId eventCondition jsonCondition skipCondition input output script queueName
          providerReferenceKey metadata { action kind list createFromScratch }
          retryOptions { maximumAttempts initialInterval backoffCoefficient } timeout { amount unit } raw
        }
      }
    }
  } }`;
  const read = async (name: string, document = DOCUMENT) => {
    const { data, errors } = await app.query(document, { variables: { id: named(name).id } });
    expect(errors).toBeUndefined();
    return data.automation;
  };

  it('returns its tasks at every depth, typed and raw, in one call', async () => {
    const automation = await read('Welcome to Harborlight');
    expect(app.calls()).toEqual([DETAIL]);
    const stored = named('Welcome to Harborlight').active_definition!;
    const tasks = stored.workflow!.workflow_def!.tasks!;
    const { workflow, state, raw } = automation.activeDefinition;
    expect(state).toBe('ACTIVE');
    expect(raw).toEqual(stored);
    expect(workflow.tasks.map((task: any) => task.kind)).toEqual(['SEND_EMAIL', 'WAIT', 'CONDITION']);
    expect(workflow.tasks[2].thenTasks.map((task: any) => task.taskId)).toEqual(
      tasks[2]!.then!.map((task) => task.id),
    );
    expect(workflow.tasks[2].elseTasks).toHaveLength(2);
    expect(workflow.allTasks.map((task: any) => task.kind)).toEqual([
      'SEND_EMAIL',
      'WAIT',
      'CONDITION',
      'SEND_EMAIL',
      'UPDATE_LISTS',
      'WAIT',
      'SEND_EMAIL',
    ]);
    expect(workflow.allTasks[0]).toMatchObject({
      campaignActivityId: tasks[0]!.correlation_metadata!.campaign_activity_id,
      retryOptions: { maximumAttempts: 5, initialInterval: 60, backoffCoefficient: 2 },
      metadata: { kind: 'email', createFromScratch: false },
      raw: tasks[0],
    });
    expect(workflow.allTasks[2]).toMatchObject({
      eventCondition: 'em_opens',
      jsonCondition: tasks[2]!.json_condition,
    });
    expect(workflow.allTasks[1].timeout).toEqual({ amount: 3, unit: 'DAYS' });
    expect(workflow.parameters.automationFlowName).toBe('Welcome to Harborlight');
  });

  it('has triggers of every kind', async () => {
    const birthday = await read('Autogenerated Birthday: Basic');
    expect(birthday).toMatchObject({
      nameExplicitlySet: false,
      activeDefinition: {
        trigger: {
          type: 'Date',
          actionName: 'calendar_date',
          bounds: { after: 'P0D', before: 'P1D' },
          date: { type: 'Profile', dayField: 'record.birthday_day', monthField: 'record.birthday_month' },
        },
      },
    });
    expect((await read('Quiet readers')).activeDefinition.trigger.engagementLevel).toBe('LEAST');
    const page = (await read('After the workshop page')).activeDefinition.trigger;
    expect(page.parameters).toEqual([
      {
        name: 'url',
        type: 'WEB_TRACKING',
        operator: 'CONTAINS',
        texts: ['https://www.harborlight.example/workshops'],
        value: null,
        rule: null,
      },
    ]);
    const [field] = app.sandbox.account().customFields;
    expect(page.filter).toMatchObject({
      compoundRuleType: 'AND',
      left: { comparison: { propertyName: 'country', operator: 'IN', arguments: ['US', 'CA'] } },
      right: { comparison: { customFieldId: field!.custom_field_id, customField: { label: field!.label } } },
    });
  });

  it('resolves lists and segments as objects, with one scan each', async () => {
    const DOC = `query ($a: ID!, $b: ID!) {
      a: automation(id: $a) { draftDefinition { trigger { lists { listId name } segment { name } } } }
      b: automation(id: $b) { draftDefinition { trigger { lists { listId name } segment { segmentId name } segmentId } } }
    }`;
    const club = named('Book club');
    const local = named('Segment: local readers');
    const { data } = await app.query(DOC, { variables: { a: club.id, b: local.id } });
    const { lists, segments } = app.sandbox.account();
    const ids = club.draft_definition!.trigger!.trigger_def!.parameters![0]!.parameter_list_value!;
    expect(data.a.draftDefinition.trigger).toEqual({
      lists: ids.map((listId) => ({ listId, name: lists.get(listId)!.name })),
      segment: null,
    });
    const segmentId = local.draft_definition!.trigger!.trigger_def!.segment_id!;
    expect(data.b.draftDefinition.trigger).toEqual({
      lists: [],
      segmentId,
      segment: { segmentId, name: segments.get(segmentId)!.name },
    });
    expect(app.calls().sort()).toEqual(['getAccountSegments', 'getLists', DETAIL, DETAIL].sort());
  });

  it('makes no call for the ids of lists, segments and emails', async () => {
    const DOC = `query ($id: ID!) { automation(id: $id) { draftDefinition {
      trigger { lists { id listId } segment { id segmentId } }
      workflow { allTasks { emailCampaignActivity { id campaignActivityId } } }
    } } }`;
    const welcome = await read('Welcome to Harborlight', DOC);
    expect(welcome.draftDefinition.trigger.lists).toHaveLength(2);
    expect(welcome.draftDefinition.workflow.allTasks[0].emailCampaignActivity.id).toBeTruthy();
    const local = await read('Segment: local readers', DOC);
    expect(local.draftDefinition.trigger.segment.segmentId).toMatch(/^\d+$/);
    expect(app.calls()).toEqual([DETAIL, DETAIL]);
  });

  it('resolves the emails of tasks, also an email that no longer exists', async () => {
    const DOC = `query ($id: ID!) { automation(id: $id) { draftDefinition { workflow { allTasks {
      kind campaignActivityId emailCampaignActivity { campaignActivityId subject }
    } } } } }`;
    const thanks = (await read('Thanks for your order', DOC)).draftDefinition.workflow.allTasks;
    const { campaignActivities } = app.sandbox.account();
    for (const { kind, campaignActivityId, emailCampaignActivity } of thanks) {
      if (kind !== 'SEND_EMAIL') expect(emailCampaignActivity).toBeNull();
      else expect(emailCampaignActivity.subject).toBe(campaignActivities.get(campaignActivityId)!.subject);
    }
    const [gone] = (await read('Event reminder', DOC)).draftDefinition.workflow.allTasks;
    expect(gone.emailCampaignActivity).toEqual({
      campaignActivityId: gone.campaignActivityId,
      subject: null,
    });
  });

  it('reads dates from the collection, once for all automations', async () => {
    const [a, b] = rows();
    const { data } = await app.query(
      `query ($a: ID!, $b: ID!) {
        a: automation(id: $a) { createdAt updatedAt draftState }
        b: automation(id: $b) { createdAt templateId }
      }`,
      { variables: { a: a!.id, b: b!.id } },
    );
    expect(data.a.createdAt).toBe(new Date(a!.created_at).toISOString());
    expect(data.b.templateId).toBe(b!.template_id);
    expect(app.calls()).toEqual(['listAutomations']);
  });

  it('returns dates and definitions in two calls, and either alone in one', async () => {
    const [a] = rows();
    const ask = async (fields: string) => {
      app.resetCalls();
      const { data } = await app.query(`query ($id: ID!) { automation(id: $id) { ${fields} } }`, {
        variables: { id: a!.id },
      });
      return data.automation;
    };
    const { createdAt, activeDefinition } = await ask('createdAt activeDefinition { trigger { type } }');
    expect(createdAt).toBe(new Date(a!.created_at).toISOString());
    expect(activeDefinition).not.toBeNull();
    expect(app.calls().sort()).toEqual(['listAutomations', DETAIL].sort());
    expect((await ask('name')).name).toBe(a!.name);
    expect(app.calls()).toEqual([DETAIL]);
  });

  it('is found by global id, as a node and as an entity, and null when it does not exist', async () => {
    const { id, name } = rows()[0]!;
    const { data, errors } = await app.query(
      `query ($id: ID!, $raw: ID!, $nowhere: ID!, $r: [_Any!]!) {
        automation(id: $id) { name } nowhere: automation(id: $nowhere) { name } node(id: $id) { ... on Automation { name } }
        raw: automation(id: $raw) { name } _entities(representations: $r) { ... on Automation { name } }
      }`,
      {
        variables: {
          id: encodeGlobalId('Automation', id),
          raw: id,
          nowhere: UNKNOWN_ID,
          r: [{ __typename: 'Automation', automationFlowId: id }],
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      automation: { name },
      raw: { name },
      node: { name },
      nowhere: null,
      _entities: [{ name }],
    });
    // An automation that the collection lacks may still exist.
    expect(app.calls()).toEqual(['listAutomations', DETAIL]);
  });

  it('reads parameters from the properties that the API uses today, and keeps unknown ones', async () => {
    const task = { id: 't', kind: 'NEW_KIND', brand_new: { deep: [1] }, then: [] };
    app.sandbox.faults.script({
      operationId: DETAIL,
      fault: {
        kind: 'status',
        status: 200,
        body: {
          id: UNKNOWN_ID,
          status: 'SOMETHING_NEW',
          surprise: true,
          draft_definition: {
            trigger: {
              trigger_def: {
                type: 'new_type',
                segment_id: 'not-a-number',
                parameters: [
                  { parameter_name: 'list_ids', parameter_value: [UNKNOWN_ID] },
                  { parameter_name: 'url', parameter_value: 'https://x.example' },
                ],
              },
            },
            workflow: { workflow_def: { tasks: [task] } },
          },
        },
      },
    });
    const { data, errors } = await app.query(
      `query ($id: ID!) { automation(id: $id) { name status tags { key } activeDefinition { state } draftDefinition {
        state trigger { type lists { listId } segmentId segment { name } parameters { texts value } date { type } }
        workflow { allTasks { kind raw } timeout { amount } }
      } } }`,
      { variables: { id: UNKNOWN_ID } },
    );
    expect(errors).toBeUndefined();
    expect(data.automation).toEqual({
      name: null,
      status: 'SOMETHING_NEW',
      tags: null,
      activeDefinition: null,
      draftDefinition: {
        state: null,
        trigger: {
          type: 'new_type',
          lists: [{ listId: UNKNOWN_ID }],
          segmentId: 'not-a-number',
          segment: null,
          parameters: [
            { texts: [UNKNOWN_ID], value: [UNKNOWN_ID] },
            { texts: ['https://x.example'], value: 'https://x.example' },
          ],
          date: null,
        },
        workflow: {
          allTasks: [{ kind: 'NEW_KIND', raw: { id: 't', kind: 'NEW_KIND', brand_new: { deep: [1] } } }],
          timeout: null,
        },
      },
    });
  });
});
