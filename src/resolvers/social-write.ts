import { formatQueryDate } from '../constant-contact/dates.js';
import type { RequestBody } from '../constant-contact/contract/operations.js';
import type { CreateSocialPostInput, SocialPostContentInput } from './inputs.js';
import type { SocialPostSetting } from './social.js';
import { dropNulls } from './support/drop-nulls.js';
import { rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { convertAll, eachItem, validate } from './support/limits.js';
import { mutate } from './support/mutate.js';

/** Maximum number of profiles per post. The contract sets no limit. */
export const PROFILES_MAX = 100;

type Body = RequestBody<'createSocialPostUsingPOST'>;

export const createSocialPost = mutate(async ({ input }: { input: CreateSocialPostInput }, { api }) => {
  const scheduled = input.status === 'SCHEDULED';
  const [profile_posts] = convertAll(
    () => {
      const posts: Body['profile_posts'] = [];
      validate(eachItem(input.contents, (post, index) => posts.push(profilePost(post, index, scheduled))));
      return posts;
    },
    () => check(input),
  );
  const body: Body = {
    ...dropNulls({
      name: input.name,
      scheduled_time: input.scheduledAt && formatQueryDate(input.scheduledAt),
    }),
    status: input.status,
    profile_posts,
  };
  return { socialPost: await api.call('createSocialPostUsingPOST', { body }) };
});

/** @throws InputErrors for input that the API would reject or misinterpret */
function check({ status, scheduledAt, contents }: CreateSocialPostInput): void {
  validate(
    () => {
      if (status === 'DRAFT' && scheduledAt) {
        throw new InputError(
          'INVALID',
          'A draft cannot have a time. Set the status to SCHEDULED, or leave the status out.',
          ['input', 'scheduledAt'],
        );
      }
    },
    () => {
      if (contents.length === 0) {
        throw new InputError('REQUIRED', 'Give at least one text with its profiles.', ['input', 'contents']);
      }
    },
    eachItem(contents, ({ imageUrls }, index) => {
      validate(
        eachItem(imageUrls, (url, image) => {
          checkImage(url, ['input', 'contents', String(index), 'imageUrls', String(image)]);
        }),
      );
    }),
  );
}

function profilePost(
  { text, profileIds, imageUrls, settings }: SocialPostContentInput,
  index: number,
  scheduled: boolean,
): Body['profile_posts'][number] {
  const ids = rawIds('SocialProfile', profileIds, ['input', 'contents', String(index), 'profileIds'], {
    min: scheduled ? 1 : 0,
    max: PROFILES_MAX,
  });
  return {
    ...dropNulls({ text }),
    profiles: ids.map((profile_id) => ({ profile_id })),
    ...(imageUrls?.length && { images: imageUrls.map((url) => ({ url })) }),
    ...(settings?.length && { settings: settingsBody(settings) }),
  };
}

function settingsBody(settings: readonly SocialPostSetting[]): Record<string, Record<string, string>> {
  const networks = new Map<string, Map<string, string>>();
  for (const { network, name, value } of settings) {
    const values = networks.get(network) ?? new Map<string, string>();
    networks.set(network, values.set(name, value));
  }
  return Object.fromEntries([...networks].map(([network, values]) => [network, Object.fromEntries(values)]));
}

function checkImage(url: string, field: readonly string[]): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InputError(
      'INVALID',
      'An image must be a public URL that starts with https:// or http://.',
      field,
    );
  }
}
