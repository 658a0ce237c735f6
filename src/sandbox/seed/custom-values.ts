import { DAY, dateOnly, seconds } from '../dates.js';
import { choiceKey } from '../model/custom-value.js';
import type { Random } from '../random.js';
import type { CustomFieldRow, CustomValue } from '../stores/audience.js';
import { FREE_TEXT } from './words.js';

/** A plausible value of a custom field. `now` in milliseconds; dates are close to it. */
export function seedValue(field: CustomFieldRow, random: Random, now: number): CustomValue {
  const { custom_field_id } = field;
  if (field.type === 'single_select') return { custom_field_id, choice_ids: choices(field, random, 1) };
  if (field.type === 'multi_select') {
    return { custom_field_id, choice_ids: choices(field, random, random.between(1, 3)) };
  }
  return { custom_field_id, value: text(field, random, now) };
}

function choices(field: CustomFieldRow, random: Random, count: number): string[] {
  return random.sample(field.choices ?? [], count).map((choice) => choiceKey(choice.choice_id));
}

function text(field: CustomFieldRow, random: Random, now: number): string {
  switch (field.type) {
    case 'number':
      return field.metadata?.integer
        ? String(random.between(0, 60))
        : (random.between(0, 100) / 10).toFixed(1);
    case 'currency':
      return (random.between(0, 50_000) / 100).toFixed(2);
    case 'date': {
      const day = dateOnly(now - random.between(1, 2_000) * DAY);
      return field.version === 1 ? day.replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1') : day;
    }
    case 'datetime':
      return seconds(now - random.between(-60, 700) * DAY);
    case 'boolean':
      return random.chance(0.5) ? 'true' : 'false';
    case 'text_area':
      return random.sample(FREE_TEXT, 2).join('\n');
    default:
      return random.pick(FREE_TEXT);
  }
}
