import { day, words } from '../ui/format.js';
import { Card, Empty } from '../ui/page.js';
import type { FullContact } from './contact-page.js';

/** Phone numbers, street addresses and notes: whatever of these the contact has. */
export function Reach({ contact: { phoneNumbers, streetAddresses, notes } }: { contact: FullContact }) {
  const isEmpty = [phoneNumbers, streetAddresses, notes].every((part) => !part?.length);
  return (
    <Card title="Phone, post and notes">
      {isEmpty && <Empty title="Nothing known" />}
      {!isEmpty && (
        <dl className="facts">
          {phoneNumbers?.map(({ phoneNumberId, kind, number }) => (
            <Fact key={phoneNumberId} term={`Phone, ${words(kind ?? 'OTHER').toLowerCase()}`}>
              {number}
            </Fact>
          ))}
          {streetAddresses?.map(({ streetAddressId, kind, street, city, state, postalCode, country }) => (
            <Fact key={streetAddressId} term={`Address, ${words(kind ?? 'OTHER').toLowerCase()}`}>
              {[street, city, [state, postalCode].filter(Boolean).join(' '), country]
                .filter(Boolean)
                .join(', ')}
            </Fact>
          ))}
          {notes?.map(({ noteId, content, createdAt }) => (
            <Fact key={noteId} term={`Note, ${day(createdAt)}`}>
              {content}
            </Fact>
          ))}
        </dl>
      )}
    </Card>
  );
}

function Fact({ term, children }: { term: string; children: string | null }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children ?? '–'}</dd>
    </>
  );
}
