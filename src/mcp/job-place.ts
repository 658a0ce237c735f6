import {
  getNamedType,
  getNullableType,
  isListType,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** Where a response has the bulk activity that the operation started or read: its path, the response key of its ID, and what it selects. */
export interface JobPlace {
  readonly path: readonly string[];
  readonly id: string;
  readonly selection: string;
}

/** The first bulk activity of an operation that selects its ID; null when there is none. */
export function jobPlaceOf(schema: GraphQLSchema, document: DocumentNode): JobPlace | null {
  const types = new TypeInfo(schema);
  const path: string[] = [];
  let found: JobPlace | null = null;
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter: ({ name, alias, selectionSet }) => {
          path.push(alias?.value ?? name.value);
          const type = types.getType();
          if (
            found ||
            isListType(getNullableType(type)) ||
            (type && getNamedType(type).name !== 'BulkActivity')
          )
            return;
          const id = selectionSet?.selections.find(
            (field) => field.kind === 'Field' && /^(id|activityId)$/.test(field.name.value),
          );
          if (selectionSet && id?.kind === 'Field')
            found = {
              path: [...path],
              id: id.alias?.value ?? id.name.value,
              selection: print(selectionSet),
            };
        },
        leave: () => void path.pop(),
      },
    }),
  );
  return found;
}
