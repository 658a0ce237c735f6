import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { Cost, CostPart } from './cost-part.js';

declare global {
  // Pothos' plugins declare their options here.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      fieldCosts: FieldCostsPlugin<Types>;
    }
    /* eslint-disable @typescript-eslint/no-unused-vars -- declarations of an interface agree in their parameters */
    interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** Cost of the field in REST calls: counted in the query cost, and stated at the end of its description. */
      queryCost?: Cost;
    }
    /* eslint-enable @typescript-eslint/no-unused-vars */
  }
}

/** Puts the cost of a field into its extensions, which query costs are computed from, and into its description. */
class FieldCostsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { queryCost: cost } = field.pothosOptions as { queryCost?: Cost };
    if (!cost) return field;
    const sentence = costSentence(cost, field.parentType);
    return {
      ...field,
      description: field.description ? `${field.description} ${sentence}` : sentence,
      extensions: { ...field.extensions, cost },
    };
  }
}

/** The sentences for the cost of a field of this type, at the end of the field's description. */
function costSentence({ parts }: Cost, parentType: string): string {
  if (parts.length === 0) return 'No extra REST call.';
  const parent = /^(Query|Mutation|Subscription)$|Payload$/.test(parentType) ? null : parentType;
  const stated = parts.filter(({ says }) => says(parent));
  const reasons = ({ free }: CostPart) => free.join(', or when ');
  const [first] = stated;
  const shared = first && stated.every((one) => reasons(one) === reasons(first)) ? reasons(first) : '';
  const clause = (one: CostPart) =>
    one.says(parent) + (one.free.length > 0 && !shared ? ` unless ${one.free.join(' or ')}` : '');
  const always = stated.filter(({ when }) => when === undefined).map(clause);
  const sometimes = stated.flatMap((one) =>
    one.when === undefined ? [] : `${clause(one)} when ${one.when}`,
  );
  const costs = [...(always.length > 0 ? [always.join(', plus ')] : []), ...sometimes];
  const notes = new Set(parts.flatMap(({ note }) => note ?? []));
  return [`Cost: ${costs.join('. Plus ')}.`, ...(shared ? [`None when ${shared}.`] : []), ...notes].join(' ');
}

export const fieldCosts = 'fieldCosts';
SchemaBuilder.registerPlugin(fieldCosts, FieldCostsPlugin);
