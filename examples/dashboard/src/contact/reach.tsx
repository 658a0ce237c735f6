import { words } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import { Day } from '../ui/text.js';
import type { FullContact } from './contact-page.js';

/** Street addresses and notes, if the contact has any. */
export function Reach({ contact: { streetAddresses, notes } }: { contact: FullContact }) {
  const isEmpty = [streetAddresses, notes].every((part) => !part?.length);
  return (
    <Card title="Addresses and notes">
      {isEmpty && <Empty title="No street addresses or notes" />}
      {!isEmpty && (
        <dl className="facts">
          {streetAddresses?.map(({ streetAddressId, kind, street, city, state, postalCode, country }) => (
            <div key={streetAddressId}>
              <dt>Address, {words(kind ?? 'OTHER').toLowerCase()}</dt>
              <dd>
                {[street, city, [state, postalCode].filter(Boolean).join(' '), country]
                  .filter(Boolean)
                  .join(', ')}
              </dd>
            </div>
          ))}
          {notes?.map(({ noteId, content, createdAt }) => (
            <div key={noteId}>
              <dt>
                Note, <Day at={createdAt} />
              </dt>
              <dd>{content}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
