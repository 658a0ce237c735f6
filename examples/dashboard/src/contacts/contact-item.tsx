import { Link } from 'react-router';
import type { ResultOf } from '../graphql/graphql.js';
import { Avatar } from '../ui/avatar.js';
import { Chips } from '../ui/chips.js';
import { nameOf } from '../ui/format.js';
import { Permission } from '../ui/permission.js';
import type { ContactRowFragment } from './use-contacts.js';

interface ItemProps {
  contact: ResultOf<typeof ContactRowFragment>;
  nameOfGroup: ReadonlyMap<string, string>;
}

export function ContactItem({ contact, nameOfGroup }: ItemProps) {
  const name = nameOf(contact);
  const names = (ids: readonly string[] | undefined) =>
    (ids ?? []).flatMap((id) => nameOfGroup.get(id) ?? []);
  const { emailAddress, companyName, lists, tags } = contact;
  return (
    <li className="row">
      <Avatar name={name} />
      <div className="who">
        <Link to={`/contacts/${contact.contactId}`}>{name}</Link>
        <span className="minor">{emailAddress?.address ?? 'No email address'}</span>
      </div>
      <span className="company minor">{companyName}</span>
      <Permission value={emailAddress?.permissionToSend} />
      <div className="groups">
        <Chips label="Lists" most={2} names={names(lists?.map(({ listId }) => listId))} />
        <Chips label="Tags" most={2} names={names(tags?.map(({ tagId }) => tagId))} />
      </div>
    </li>
  );
}
