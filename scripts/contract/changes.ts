import { operationsOf, type Contract, type Schema } from './model.js';

/**
 * Differences between two contracts, one line each: `+` added, `-` removed, `~` changed, for operations,
 * parameters, bodies, statuses, schemas and their properties.
 */
export function changesBetween(before: Contract, after: Contract): string[] {
  const [old, now] = [flatten(before), flatten(after)];
  const added = [...now.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !now.has(name));
  const changed = [...now.keys()].filter((name) => old.has(name) && old.get(name) !== now.get(name));
  const lines = [
    ...topmost(added).map((name) => [name, `+ ${name}  ${now.get(name)}`]),
    ...topmost(removed).map((name) => [name, `- ${name}  ${old.get(name)}`]),
    ...changed.map((name) => [name, `~ ${name}  ${old.get(name)} → ${now.get(name)}`]),
  ] as [string, string][];
  return lines.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line.trimEnd());
}

/** Leaves out names whose parent is in the list. */
function topmost(names: readonly string[]): string[] {
  return names.filter(
    (name) => !names.some((other) => name.startsWith(other) && /^[ .[]/.test(name.slice(other.length))),
  );
}

/** Each named part of a contract with its own facts, as one line. */
function flatten(contract: Contract): Map<string, string> {
  const facts = new Map<string, string>();
  const addSchema = (name: string, schema: Schema): void => {
    const { properties = {}, required = [], items, additionalProperties: more, ...own } = schema;
    facts.set(
      name,
      [
        ...Object.entries(own).map(([key, value]) =>
          key === 'type' ? String(value) : `${key}=${JSON.stringify(value)}`,
        ),
        ...(required.length > 0 ? [`required=${required.join(',')}`] : []),
        ...(typeof more === 'boolean' ? [`additionalProperties=${more}`] : []),
      ].join(' ') || 'anything',
    );
    for (const [key, property] of Object.entries(properties)) addSchema(`${name}.${key}`, property);
    if (items) addSchema(`${name}[]`, items);
    if (typeof more === 'object') addSchema(`${name}.*`, more);
  };

  facts.set('version', contract.info.version);
  facts.set('servers', contract.servers.map(({ url }) => url).join(' '));
  for (const [name, scheme] of Object.entries(contract.components.securitySchemes)) {
    facts.set(`security ${name}`, JSON.stringify(scheme));
  }
  for (const { id, method, path, operation } of operationsOf(contract)) {
    const name = `operation ${id}`;
    const schemes = operation.security.flatMap((one) =>
      Object.entries(one).map(([scheme, scopes]) => `${scheme}(${scopes.join(' ')})`),
    );
    facts.set(name, `${method.toUpperCase()} ${path} ${schemes.join(' ')} ${operation.tags.join(' ')}`);
    for (const { name: parameter, in: place, required, explode, schema } of operation.parameters) {
      const key = `${name} ${place} ${parameter}`;
      addSchema(key, schema);
      const flags = [required && 'required', explode === true && 'repeated'].filter(Boolean);
      facts.set(key, [...flags, facts.get(key)].join(' '));
    }
    const { requestBody: body, responses } = operation;
    for (const [type, { schema }] of Object.entries(body?.content ?? {}))
      addSchema(`${name} body ${type}`, schema);
    if (body) facts.set(`${name} body`, body.required ? 'required' : 'optional');
    for (const [status, { content = {}, headers = {} }] of Object.entries(responses)) {
      facts.set(`${name} status ${status}`, Object.keys(headers).join(' '));
      for (const [type, { schema }] of Object.entries(content))
        addSchema(`${name} status ${status} ${type}`, schema);
    }
  }
  for (const [name, schema] of Object.entries(contract.components.schemas))
    addSchema(`schema ${name}`, schema);
  return facts;
}
