import { useState } from 'react';
import { useParams } from 'react-router';
import { useQuery } from 'urql';
import { readFragment, type ResultOf } from '../graphql/graphql.js';
import { isInvalidId, problemOf } from '../graphql/problem.js';
import { Avatar } from '../ui/avatar.js';
import { nameOf } from '../ui/format.js';
import { BackLink, Empty, Page, Skeleton } from '../ui/page.js';
import { Permission } from '../ui/permission.js';
import { ProblemNote } from '../ui/problem.js';
import { Day } from '../ui/text.js';
import { ContactFormFragment, ContactQuery } from './contact-query.js';
import { CustomFields } from './custom-fields.js';
import { DeleteContact } from './delete-contact.js';
import { Engagement } from './engagement.js';
import { History } from './history.js';
import { Profile } from './profile.js';
import { Reach } from './reach.js';

const DAY = 86_400_000;
/** The last year in whole days: with the time of day, no two visits would share a cache entry. */
const lastYear = () => {
  const end = Math.ceil(Date.now() / DAY) * DAY;
  return { start: new Date(end - 365 * DAY).toISOString(), end: new Date(end).toISOString() };
};

export function ContactPage() {
  const { contactId = '' } = useParams();
  const [period] = useState(lastYear);
  const [{ data, error, fetching }, reload] = useQuery({
    query: ContactQuery,
    variables: { id: contactId, ...period },
  });
  const retry = () => reload({ requestPolicy: 'network-only' });
  const back = <BackLink to="/contacts">Contacts</BackLink>;
  const contact = data?.contact;
  const form = contact && readFragment(ContactFormFragment, contact);
  if (!form) {
    const problem = isInvalidId(error) ? null : problemOf(error);
    return (
      <Page title={problem || fetching ? 'Contact' : 'No such contact'} back={back}>
        {problem && <ProblemNote problem={problem} onRetry={retry} />}
        {!problem && fetching && <Skeleton rows={8} label="Loading the contact" />}
        {!problem && !fetching && (
          <Empty title="Contact not found">It may have been permanently deleted.</Empty>
        )}
      </Page>
    );
  }
  const name = nameOf(form);
  return (
    <Page
      title={name}
      back={back}
      aside={
        <>
          <Permission value={form.deletedAt ? 'DELETED' : form.emailAddress?.permissionToSend} />
          {!form.deletedAt && <DeleteContact contactId={form.contactId} name={name} />}
        </>
      }
    >
      <div className="person">
        <Avatar name={name} />
        <p className="minor">
          {[form.jobTitle, form.companyName].filter(Boolean).join(' at ')}
          {(form.jobTitle ?? form.companyName) && <br />}
          Contact since <Day at={contact.createdAt} />
        </p>
      </div>
      <div className="columns">
        <div className="column">
          <Profile contact={form} />
          <Reach contact={contact} />
        </div>
        <div className="column">
          <Engagement
            rates={contact.openAndClickRates}
            problem={problemOf(error, 'contact', 'openAndClickRates')}
            onRetry={retry}
          />
          <History
            entries={contact.activityDetails?.nodes ?? null}
            problem={problemOf(error, 'contact', 'activityDetails')}
            onRetry={retry}
          />
          <CustomFields values={form.customFields} />
        </div>
      </div>
    </Page>
  );
}

export type FullContact = NonNullable<ResultOf<typeof ContactQuery>['contact']>;
