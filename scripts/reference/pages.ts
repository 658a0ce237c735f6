import {
  astFromValue,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  print,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { DOMAINS, isConnection, isDescribed, pagesOf, SHARED, usersOf, type Domain } from './domains.js';

const NOTE = 'Generated from the schema by `npm run docs:reference`. [All pages](README.md)';

/** In the order of the index. */
const PAGES: readonly Domain[] = [...[...DOMAINS].sort(by(({ title }) => title)), SHARED];

/** Order of the sections. Connections come last, because they are all alike. */
const SECTIONS = ['Objects', 'Payloads of mutations', 'Inputs', 'Enums', 'Scalars', 'Connections'] as const;

/** Types with more users than this are not listed with their users. */
const MAX_USERS = 12;

interface Root {
  readonly page: string;
  readonly title: string;
  readonly type: GraphQLObjectType;
  readonly fields: readonly GraphQLField<unknown, unknown>[];
}

interface Facts {
  readonly roots: readonly Root[];
  /** All described types, by name. */
  readonly types: readonly GraphQLNamedType[];
  readonly pages: ReadonlyMap<string, Domain>;
  readonly users: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The reference as Markdown, by file name. */
export function referencePages(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isDescribed(schema, type))
    .sort(by(({ name }) => name));
  const facts: Facts = { roots: rootsOf(schema), types, pages: pagesOf(schema), users: usersOf(types) };
  return new Map([
    ['README.md', new Page(facts, 'README').index()],
    ...facts.roots.map((root) => [`${root.page}.md`, new Page(facts, root.page).ofRoot(root)] as const),
    ...PAGES.map((domain) => [`${domain.page}.md`, new Page(facts, domain.page).ofTypes(domain)] as const),
  ]);
}

function rootsOf(schema: GraphQLSchema): Root[] {
  const roots = [
    { page: 'queries', title: 'Queries', type: schema.getQueryType() },
    { page: 'mutations', title: 'Mutations', type: schema.getMutationType() },
    { page: 'subscriptions', title: 'Subscriptions', type: schema.getSubscriptionType() },
  ];
  return roots.flatMap(({ type, ...root }) => {
    if (!type) return [];
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    return [{ ...root, type, fields: fields.sort(by(({ name }) => name)) }];
  });
}

/** Renders one page; links within the page are anchors. */
class Page {
  constructor(
    private readonly facts: Facts,
    private readonly page: string,
  ) {}

  index(): string {
    return join(
      '# Reference',
      'Every field, argument and type. `npm run docs:reference` generates these pages from the schema.',
      'The description of a field that makes REST calls ends with its **cost**: the most REST calls that the field itself adds to a query. A field without a cost is included in the read of its object. The costs of all selected fields add up to the [query cost](../budget.md#the-cost-of-a-query), which `MAX_QUERY_COST` limits. Where a cost depends on the number of objects, the query cost assumes the most objects that the query can return in the account. [Why did my query make N calls](../why-n-calls.md) explains how calls add up.',
      this.facts.roots.map(({ page, title }) => `- [${title}](${page}.md)`).join('\n'),
      ...PAGES.flatMap((domain) => [
        `## [${domain.title}](${domain.page}.md)`,
        this.#on(domain)
          .filter((type) => !isSupportingType(type))
          .map(({ name }) => this.#link(name))
          .join(', '),
      ]),
    );
  }

  ofRoot({ title, type, fields }: Root): string {
    return join(
      `# ${title}`,
      `${type.description ?? ''} ${NOTE}`,
      ...PAGES.flatMap((domain) => {
        const own = fields.filter((field) => this.#domainOf(field) === domain);
        return own.length > 0
          ? [`## ${domain.title}`, ...own.flatMap((field) => this.#rootField(field))]
          : [];
      }),
    );
  }

  ofTypes(domain: Domain): string {
    const types = this.#on(domain);
    return join(
      `# ${domain.title}`,
      NOTE,
      ...SECTIONS.flatMap((title) => {
        const own = types.filter((type) => sectionOf(type) === title);
        return own.length > 0 ? [`## ${title}`, ...own.flatMap((type) => this.#type(type))] : [];
      }),
    );
  }

  #rootField(field: GraphQLField<unknown, unknown>): string[] {
    return [
      `### ${field.name}`,
      text(field),
      `Gives ${this.#typeRef(field.type)}.`,
      field.args.map((arg) => this.#value(arg)).join('\n'),
    ];
  }

  #type(type: GraphQLNamedType): string[] {
    return [`### ${type.name}`, type.description ?? '', this.#whereUsed(type), this.#members(type)];
  }

  #whereUsed(type: GraphQLNamedType): string {
    const links = [...this.#rootsWith(type), ...this.#typesWith(type)];
    return links.length === 0 || links.length > MAX_USERS ? '' : `In ${links.join(', ')}.`;
  }

  /** Root fields that return the type or a connection of it, or accept it. */
  #rootsWith({ name }: GraphQLNamedType): string[] {
    return this.facts.roots.flatMap(({ page, fields }) =>
      fields
        .filter(({ type, args }) =>
          [type, ...args.map((arg) => arg.type)]
            .map((one) => getNamedType(one).name)
            .some((used) => used === name || used === `${name}Connection`),
        )
        .map((field) => `[\`${field.name}\`](${page}.md#${field.name.toLowerCase()})`),
    );
  }

  #typesWith({ name }: GraphQLNamedType): string[] {
    const plumbing = new Set(this.facts.types.filter(isConnection).map((type) => type.name));
    return [...(this.facts.users.get(name) ?? [])]
      .filter((user) => !plumbing.has(user))
      .map((user) => this.#link(user));
  }

  #members(type: GraphQLNamedType): string {
    if (isEnumType(type)) return list(type.getValues(), (value) => `- \`${value.name}\`: ${text(value)}`);
    if (isUnionType(type)) return list(type.getTypes(), ({ name }) => `- ${this.#link(name)}`);
    if (isInputObjectType(type)) return list(Object.values(type.getFields()), (field) => this.#value(field));
    if (isObjectType(type) || isInterfaceType(type))
      return list(Object.values(type.getFields()), (field) => this.#field(field));
    return '';
  }

  #field(field: GraphQLField<unknown, unknown>): string {
    return [
      `- \`${field.name}\` ${this.#typeRef(field.type)}: ${text(field)}`,
      ...field.args.map((arg) => `  ${this.#value(arg)}`),
    ].join('\n');
  }

  /** An argument, or a field of an input. */
  #value(value: GraphQLArgument | GraphQLInputField): string {
    const given = value.defaultValue === undefined ? undefined : astFromValue(value.defaultValue, value.type);
    return `- \`${value.name}\` ${this.#typeRef(value.type)}${given ? ` = \`${print(given)}\`` : ''}: ${text(value)}`;
  }

  #on(domain: Domain): GraphQLNamedType[] {
    return this.facts.types.filter(({ name }) => this.facts.pages.get(name) === domain);
  }

  #domainOf({ type }: GraphQLField<unknown, unknown>): Domain {
    return this.facts.pages.get(getNamedType(type).name) ?? SHARED;
  }

  #typeRef(type: GraphQLType): string {
    return this.#link(getNamedType(type).name, String(type));
  }

  /** Types of GraphQL itself have no page. */
  #link(name: string, shown = name): string {
    const domain = this.facts.pages.get(name);
    if (!domain) return `\`${shown}\``;
    const page = domain.page === this.page ? '' : `${domain.page}.md`;
    return `[\`${shown}\`](${page}#${name.toLowerCase()})`;
  }
}

function sectionOf(type: GraphQLNamedType): (typeof SECTIONS)[number] {
  if (isEnumType(type)) return 'Enums';
  if (isInputObjectType(type)) return 'Inputs';
  if (isConnection(type)) return 'Connections';
  if (isSupportingType(type)) return 'Payloads of mutations';
  return isObjectType(type) || isInterfaceType(type) || isUnionType(type) ? 'Objects' : 'Scalars';
}

/** True for types that readers do not look up by name. */
function isSupportingType(type: GraphQLNamedType): boolean {
  return isConnection(type) || type.name.endsWith('Payload');
}

function text({
  description,
  deprecationReason,
}: {
  description?: string | null | undefined;
  deprecationReason?: string | null | undefined;
}): string {
  const deprecated = deprecationReason ? `**Deprecated:** ${deprecationReason} ` : '';
  return deprecated + (description ?? '').replaceAll(/\s*\n\s*/g, ' ');
}

function list<Item>(items: readonly Item[], line: (item: Item) => string): string {
  return items.map(line).join('\n');
}

function join(...blocks: readonly string[]): string {
  return blocks.filter(Boolean).join('\n\n') + '\n';
}

/** Compares by code units, so that the order does not depend on the locale. */
function by<Item>(key: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (key(a) < key(b) ? -1 : 1);
}
