import type { RequestBody, Schema } from '../../constant-contact/contract/operations.js';
import type { Account } from '../account.js';
import type { MediaRow, PromoCodeRow, TrackRow } from '../stores/event.js';
import { instant } from './instant.js';

type TrackBody = NonNullable<RequestBody<'patchEvent'>['default_track']>;

/**
 * Changes the given properties of a track. A given list replaces the previous one.
 * @throws Refusal 400 for an invalid date
 */
export function assignTrack(account: Account, track: TrackRow, given: TrackBody): void {
  track.items_header = given.items_header ?? track.items_header;
  track.tickets_header = given.tickets_header ?? track.tickets_header;
  track.capacity = given.overall_ticket_capacity ?? track.capacity;
  track.fee_scope = given.platform_fee_scope_type ?? track.fee_scope;
  track.registration_type = given.registration_type ?? track.registration_type;
  track.registration_closed = given.reg_manually_closed_flag ?? track.registration_closed;
  track.single_ticket = given.restrict_to_single_ticket_flag ?? track.single_ticket;
  if (given.registration_end_time !== undefined) {
    track.registration_end = instant('registration_end_time', given.registration_end_time);
  }
  if (given.promo_codes)
    track.promo_codes = given.promo_codes.map((code) => promoCodeOf(account, track, code));
  if (given.media_assets) {
    track.media_assets = given.media_assets.map((media) => ({
      ...bannerOf(media.internal_id ?? account.ids.key('banner', 7)),
      ...media,
    }));
  }
}

/** The banner image of every event. */
export function bannerOf(id: string): MediaRow {
  return {
    internal_id: id,
    external_id: id,
    external_url: `https://images.pages.example/${id}.png`,
    media_type: 'BNR',
  };
}

function promoCodeOf(account: Account, track: TrackRow, given: Schema<'PromoCodeDto'>): PromoCodeRow {
  const before = track.promo_codes.find(({ id }) => id === given.id);
  const associated = (kinds: readonly { associated?: boolean; ticket_id?: string; item_id?: string }[]) =>
    kinds.flatMap((kind) => (kind.associated ? [kind.ticket_id ?? kind.item_id ?? ''] : []));
  return {
    id: before?.id ?? String(account.ids.number('promo-code', 400_101)),
    name: given.name,
    description: given.description ?? '',
    percent: given.discount_percent ?? null,
    amount: given.discount_amount ?? null,
    quantity_total: given.quantity_total ?? 0,
    quantity_used: before?.quantity_used ?? 0,
    start: given.start_time === undefined ? (before?.start ?? 0) : instant('start_time', given.start_time),
    end:
      given.end_time === undefined
        ? (before?.end ?? track.registration_end)
        : instant('end_time', given.end_time),
    paused: given.paused_flag ?? false,
    ticket_ids: given.tickets ? associated(given.tickets) : (before?.ticket_ids ?? []),
    item_ids: given.items ? associated(given.items) : (before?.item_ids ?? []),
  };
}
