import { loadExamples } from '../server/examples.js';

/** Why a caller is not offered a tool, and what to do instead; null for offered tools and for other words. */
export type MissingTool = (name: string) => string | null;

/** A task that a person can start from a menu of the client. */
export interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
  /** The instructions for the agent, with what it needs and is not offered. */
  text(values: Readonly<Record<string, string>>, missing: MissingTool): string;
}

interface Task extends Omit<Prompt, 'text'> {
  /** Examples with the operations that the steps use. */
  readonly examples: readonly string[];
  readonly steps: (values: Readonly<Record<string, string>>) => string;
}

const required = (name: string, description: string) => ({ name, description, required: true });
const optional = (name: string, description: string) => ({ name, description, required: false });

const TASKS: readonly Task[] = [
  {
    name: 'send_a_newsletter',
    title: 'Send a newsletter',
    description: 'Creates a campaign, shows it to the person, and schedules it for a list.',
    arguments: [
      required('subject', 'Subject of the email.'),
      required('list', 'Name of the list to send it to.'),
      optional('content', 'Topic or HTML of the newsletter.'),
    ],
    examples: ['06-build-test-and-send-a-campaign'],
    steps: ({ subject = '', list = '', content }) =>
      `Prepare a newsletter with the subject ${quote(subject)} for the list ${quote(list)}.${content ? ` Its content: ${quote(content)}.` : ''}
1. Find the list with list_contact_lists, and a confirmed sender with list_account_email_addresses.
2. Show me subject, sender, recipients and HTML, and wait for my agreement.
3. If run_query runs mutations, use sendEmailCampaign as in the operation below: it checks everything before it writes, and a second call continues where the first one stopped. Otherwise create the draft with create_email_campaign and update_email_campaign_activity, and tell me to schedule it myself.
4. Never schedule or send without my agreement.`,
  },
  {
    name: 'clean_up_bounces',
    title: 'Clean up bounced contacts',
    description: 'Finds contacts whose email bounces, and deletes them after the person has agreed.',
    arguments: [],
    examples: ['16-bounced-contacts'],
    steps: () =>
      `Find the contacts whose email bounces, and delete them.
1. Run the operation below with run_query. It reads up to 100 bounces of each of the last ten campaigns; hasNextPage is true where there are more.
2. Show me how many contacts there are, and some of them, and wait for my agreement.
3. Delete them with delete_contacts_activity, at most 500 per call, with wait: true. Report failures.`,
  },
  {
    name: 'import_a_csv',
    title: 'Import a CSV file',
    description: 'Imports contacts from a CSV file into a list and reports the rows that failed.',
    arguments: [required('list', 'Name of the list.'), optional('file', 'Path or content of the CSV file.')],
    examples: ['07-import-a-csv'],
    steps: ({ list = '', file }) =>
      `Import contacts ${file ? `of this CSV file: ${quote(file)}` : 'of the CSV file that I give you'} into the list ${quote(list)}.
1. Find the list with list_contact_lists. Create it with create_contact_list only if I agree.
2. Check that the file has a column of email addresses. Tell me how many rows it has, and wait until I confirm that these people gave me permission.
3. Import it with import_contacts_from_file and wait: true.
4. Tell me how many contacts were imported, which rows failed and why, and which columns were unknown.`,
  },
  {
    name: 'monthly_report',
    title: 'Monthly report',
    description: 'Summarises the campaigns of a month: sends, opens, clicks, bounces and opt-outs.',
    arguments: [required('month', 'The month, such as 2026-03.')],
    examples: ['11-newsletter-performance', '14-monthly-sms-report'],
    steps: ({ month = '' }) =>
      `Write a report of the campaigns of ${quote(month)}.
1. Run the operations below with run_query, with enough rows and the time range for that month.
2. Make one table for emails and one for text messages, best first. State the base of each percentage.
3. Summarise notable results in three sentences. Do not guess causes that the data does not show.`,
  },
  {
    name: 'who_did_not_open',
    title: 'Contacts who did not open',
    description:
      'Lists the contacts who did not open the last campaign, and resends it to them if the person agrees.',
    arguments: [optional('campaign', 'Name of the campaign; the last one if omitted.')],
    examples: ['12-who-did-not-open'],
    steps: ({ campaign }) =>
      `Find out who did not open ${campaign ? `the campaign ${quote(campaign)}` : 'the last campaign'}.
1. Run the operation below with run_query, or list_email_did_not_opens_report for one campaign.
2. Tell me their number, and their share of the recipients.
3. Offer to send it to them again. If I agree, call create_resend_to_non_openers with a different subject.`,
  },
];

/** As JSON, so that an argument cannot be mistaken for a step. */
const quote = (text: string) => JSON.stringify(text);

/** Names of tools in the fixed text of a task: what a person enters is not searched. */
const toolNamesIn = (text: string) => [...new Set(text.match(/\b[a-z]+(?:_[a-z]+)+\b/g))];

export function promptsOf(): ReadonlyMap<string, Prompt> {
  const queries = new Map(loadExamples().map(({ name, query }) => [name, query]));
  return new Map(
    TASKS.map(({ examples, steps, ...task }) => {
      const operations = examples.flatMap((name) => queries.get(name) ?? []);
      const blocks = operations.map((query) => `\n\n\`\`\`graphql\n${query}\n\`\`\``).join('');
      const names = toolNamesIn(steps({}));
      const text: Prompt['text'] = (values, missing) => {
        const notes = names.flatMap((name) => missing(name) ?? []);
        const warning =
          notes.length > 0
            ? `\n\nBefore you start, tell me what is missing:\n${[...new Set(notes)].map((note) => `- ${note}`).join('\n')}`
            : '';
        return steps(values) + warning + blocks;
      };
      return [task.name, { ...task, text } satisfies Prompt];
    }),
  );
}
