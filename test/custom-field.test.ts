import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 60 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const fields = () => [...app.sandbox.account().customFields];
const ofType = (type: string) => fields().find((field) => field.type === type)!;

async function write(call: string, variables: Record<string, unknown> = {}, signature = '') {
  app.resetCalls();
  const { data, errors } = await app.query(
    `mutation ${signature} { r: ${call} { customField { customFieldId label name type metadata { displayType decimalPlaces } choices { choiceId label displayOrder } } userErrors { code field message } } }`,
    { variables },
  );
  expect(errors).toBeUndefined();
  return data.r;
}

describe('reading', () => {
  it('returns one field in one call, with metadata and choices', async () => {
    const field = ofType('single_select');
    const { data } = await app.query(
      `query ($id: ID!) { customField(id: $id) { id customFieldId label name type typeRaw version createdAt
        metadata { displayType displayTypeRaw } choices { choiceId label displayOrder createdAt deletedAt } } }`,
      { variables: { id: field.custom_field_id } },
    );
    expect(data.customField).toMatchObject({
      id: encodeGlobalId('CustomField', field.custom_field_id),
      label: field.label,
      name: field.name,
      type: 'SINGLE_SELECT',
      typeRaw: 'single_select',
    });
    expect(data.customField.choices.map((choice: { label: string }) => choice.label)).toEqual(
      field.choices?.map((choice) => choice.choice_label),
    );
    expect(app.calls()).toEqual(['getCustomField']);
  });

  it('returns all fields in one call, and several by id in one', async () => {
    const { data } = await app.query('{ customFields(first: 100) { nodes { label type } } }');
    expect(data.customFields.nodes.map((field: { label: string }) => field.label)).toEqual(
      fields().map((field) => field.label),
    );
    expect(app.calls()).toEqual(['getCustomFields']);
    app.resetCalls();
    const [a, b] = fields();
    await app.query(
      'query ($a: ID!, $b: ID!) { a: customField(id: $a) { label } b: customField(id: $b) { label } }',
      {
        variables: { a: a!.custom_field_id, b: b!.custom_field_id },
      },
    );
    expect(app.calls()).toEqual(['getCustomFields']);
  });

  it('returns null for a field that does not exist', async () => {
    const { data } = await app.query('query ($id: ID!) { customField(id: $id) { label } }', {
      variables: { id: UNKNOWN_ID },
    });
    expect(data).toEqual({ customField: null });
  });
});

describe('creating', () => {
  it('creates a field with choices in the order of the input', async () => {
    const { customField, userErrors } = await write(
      `createCustomField(input: { label: "Best season", type: SINGLE_SELECT, version: 1, metadata: { displayType: RADIO }, choices: [{ label: "Spring" }, { label: "Autumn" }] })`,
    );
    expect(userErrors).toEqual([]);
    expect(customField).toMatchObject({
      label: 'Best season',
      name: 'best_season',
      type: 'SINGLE_SELECT',
      metadata: { displayType: 'RADIO' },
      choices: [
        { label: 'Spring', displayOrder: 1 },
        { label: 'Autumn', displayOrder: 2 },
      ],
    });
    expect(app.calls()).toEqual(['postCustomFields']);
  });

  it('passes on the settings of a number', async () => {
    const { customField } = await write(
      `createCustomField(input: { label: "Height", type: NUMBER, metadata: { allowNegative: false, integer: false, decimalPlaces: 2 } })`,
    );
    expect(customField).toMatchObject({ type: 'NUMBER', metadata: { decimalPlaces: 2 } });
  });

  it('rejects values beyond the limits before any call', async () => {
    const choices = (count: number) =>
      `[${Array.from({ length: count }, (_, i) => `{ label: "c${i}" }`).join()}]`;
    const code = async (input: string) =>
      (await write(`createCustomField(input: { ${input} })`)).userErrors[0];
    expect(await code(`label: "${'x'.repeat(51)}", type: STRING`)).toMatchObject({
      code: 'TOO_LONG',
      field: ['input', 'label'],
      message: expect.stringContaining('50'),
    });
    expect(
      await code(
        `label: "a", type: SINGLE_SELECT, metadata: { displayType: RADIO }, choices: ${choices(21)}`,
      ),
    ).toMatchObject({
      code: 'TOO_MANY',
      field: ['input', 'choices'],
      message: expect.stringContaining('20'),
    });
    expect(
      await code(
        `label: "a", type: SINGLE_SELECT, metadata: { displayType: DROPDOWN }, choices: ${choices(101)}`,
      ),
    ).toMatchObject({ code: 'TOO_MANY' });
    expect(
      await code(`label: "a", type: SINGLE_SELECT, choices: [{ label: "${'x'.repeat(256)}" }]`),
    ).toMatchObject({
      code: 'TOO_LONG',
      field: ['input', 'choices', '0', 'label'],
    });
    for (const input of ['type: SINGLE_SELECT', 'type: MULTI_SELECT, choices: []'])
      expect(await code(`label: "a", ${input}`)).toEqual({
        code: 'REQUIRED',
        field: ['input', 'choices'],
        message: 'A field of this type requires at least one choice.',
      });
    expect(await code(`label: "a", type: DATE, version: 3`)).toMatchObject({ code: 'INVALID' });
    expect(await code(`label: "a", type: NUMBER, metadata: { decimalPlaces: 5 }`)).toMatchObject({
      code: 'INVALID',
    });
    expect(app.calls()).toEqual([]);
    expect(await code(`label: ${JSON.stringify(fields()[0]!.label)}, type: STRING`)).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});

describe('updating', () => {
  const update = (input: Record<string, unknown>) =>
    write('updateCustomField(input: $input)', { input }, '($input: UpdateCustomFieldInput!)');

  it('keeps the choices when only the label is given', async () => {
    const field = ofType('single_select');
    const before = field.choices!.map(({ choice_id, choice_label }) => [String(choice_id), choice_label]);
    const { customField } = await update({ id: field.custom_field_id, label: 'New label' });
    expect(customField.label).toBe('New label');
    expect(
      customField.choices.map((one: { choiceId: string; label: string }) => [one.choiceId, one.label]),
    ).toEqual(before);
    expect(app.calls()).toEqual(['getCustomField', 'putCustomField']);
  });

  it('keeps choices by id, adds new ones, removes the others, and keeps the label', async () => {
    const field = ofType('single_select');
    const [first, second] = field.choices!.map((choice) => ({ ...choice }));
    const { customField } = await update({
      id: field.custom_field_id,
      choices: [
        { choiceId: `00${second!.choice_id}` },
        { choiceId: String(first!.choice_id), label: 'Renamed', displayOrder: 9 },
        { label: 'Brand new' },
      ],
    });
    expect(customField.label).toBe(field.label);
    expect(customField.choices).toEqual([
      {
        choiceId: String(second!.choice_id),
        label: second!.choice_label,
        displayOrder: second!.display_order,
      },
      { choiceId: String(first!.choice_id), label: 'Renamed', displayOrder: 9 },
      { choiceId: expect.any(String), label: 'Brand new', displayOrder: 3 },
    ]);
  });

  it('accepts only the type that the field has', async () => {
    const { custom_field_id: id } = ofType('date');
    expect((await update({ id, type: 'DATE', label: 'Day' })).customField.label).toBe('Day');
    const other = await update({ id, type: 'NUMBER' });
    expect(other.userErrors).toMatchObject([{ code: 'NOT_ALLOWED', field: ['input', 'type'] }]);
    expect(app.calls()).toEqual(['getCustomField']);
  });

  it('reports invalid input', async () => {
    const { custom_field_id: id } = ofType('single_select');
    const wrong = async (input: Record<string, unknown>) => (await update(input)).userErrors;
    expect(await wrong({ id, label: null })).toMatchObject([{ code: 'REQUIRED' }]);
    expect(await wrong({ id: UNKNOWN_ID, label: 'x' })).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await wrong({ id, choices: [{ choiceId: '9999' }] })).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'choices', '0', 'choiceId'] },
    ]);
    expect(await wrong({ id, choices: [{ displayOrder: 1 }] })).toMatchObject([
      { code: 'REQUIRED', field: ['input', 'choices', '0', 'label'] },
    ]);
    const many = Array.from({ length: 101 }, (_, i) => ({ label: `c${i}` }));
    expect(await wrong({ id, choices: many })).toMatchObject([{ code: 'TOO_MANY' }]);
  });
});

it('deletes a field immediately', async () => {
  const { custom_field_id: id } = ofType('date');
  const { data } = await app.query(
    'mutation ($id: ID!) { deleteCustomField(input: { id: $id }) { deletedCustomFieldId userErrors { code } } }',
    { variables: { id: encodeGlobalId('CustomField', id) } },
  );
  expect(data.deleteCustomField).toEqual({ deletedCustomFieldId: id, userErrors: [] });
  expect(app.calls()).toEqual(['deleteCustomField']);
  expect(app.sandbox.account().customFields.get(id)).toBeUndefined();
});
