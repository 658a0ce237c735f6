import { useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { useNotices } from '../jobs/notices.js';
import { BackLink, Card, Page } from '../ui/page.js';
import { ContactForm } from './contact-form.js';
import { CreateContactMutation } from './contact-query.js';

export function NewContactPage() {
  const navigate = useNavigate();
  const { say } = useNotices();
  const [, create] = useMutation(CreateContactMutation);
  return (
    <Page title="New contact" back={<BackLink to="/contacts">Contacts</BackLink>}>
      <Card title="Details">
        <ContactForm
          contact={null}
          save={async ({ addListIds: listIds, addTagIds: tagIds, ...input }) => {
            const { data, error } = await create({ input: { ...input, listIds, tagIds } });
            const { contact, userErrors } = data?.result ?? {};
            return { contactId: contact?.contactId, userErrors, error };
          }}
          onClose={(savedId) => {
            if (savedId) say('The contact was created.');
            void navigate(savedId ? `/contacts/${savedId}` : '/contacts');
          }}
        />
      </Card>
    </Page>
  );
}
