import { afterAll, beforeAll, expect, it } from 'vitest';
import { startUpstream, json, type Upstream } from './support/upstream.js';
import { startFacade, type TestFacade } from './support/facade.js';

let up: Upstream; let f: TestFacade;
type H = (url: URL, method: string, body: any) => [number, unknown];
let h: H = () => [500, {}];
beforeAll(async () => {
  up = await startUpstream((res, req) => { const [s, b] = h(new URL(req.url, 'http://x'), req.method, req.body ? safe(req.body) : undefined); if (b === undefined) res.writeHead(s).end(); else json(res, s, b); });
  f = startFacade(up.url);
});
afterAll(async () => { await f.close(); await up.close(); });
const safe = (t: string) => { try { return JSON.parse(t); } catch { return t; } };
const q = async (query: string, variables: any = {}) => { up.requests.length = 0; const r = await f.query({ query, variables }); return { ...r, calls: up.requests.map(r => r.method + ' ' + r.url + ' ' + r.body.slice(0, 1500)) }; };
const U = (n: number) => `00000000-0000-11ee-8000-${String(n).padStart(12, '0')}`;
const show = (l: string, x: unknown) => console.log('### ' + l + '\n' + JSON.stringify(x, null, 1).slice(0, 3500));

it('page 2 with omitted notes', async () => {
  h = (u) => {
    const c = u.searchParams.get('cursor');
    const n = c ? 100 : 0;
    if (u.pathname === '/v3/contacts') return [200, { contacts: Array.from({ length: 50 }, (_, i) => ({ contact_id: U(n + i), first_name: 'x', list_memberships: [] })), ...(c ? {} : { _links: { next: { href: '/v3/contacts?cursor=abc' } } }) }];
    return [200, { contact_id: u.pathname.split('/').pop() }];
  };
  const a = await q('{contacts(first:50){nodes{contactId notes{content} lists{name}} pageInfo{endCursor}}}');
  show('p1', a.calls);
  const b = await q('query($c:String){contacts(first:50,after:$c){nodes{contactId notes{content} lists{name}} pageInfo{endCursor}}}', { c: (a.data as any).contacts.pageInfo.endCursor });
  show('p2', b.calls.slice(0, 6)); console.log(b.calls.length, JSON.stringify(b.errors));
  const c = await q('{contacts(first:100){nodes{contactId notes{content} lists{name}} pageInfo{endCursor}}}');
  show('p1+2', c.calls.slice(0, 6)); console.log(c.calls.length);
});

it('update with odd contact', async () => {
  const odd = { contact_id: U(1), email_address: { address: 'a@b.co', permission_to_send: 'deleted', created_at: '2020-01-01T00:00:00Z', opt_in_source: 'Account', opt_out_reason: 'no', confirm_status: null }, first_name: null, last_name: 'L', anniversary: '2/4/2004', birthday_month: 0, birthday_day: null,
    custom_fields: [{ custom_field_id: U(5), value: null, choice_ids: [] }, { custom_field_id: U(6), value: 'v', choice_ids: null }, { custom_field_id: U(7), value: 'a,b', choice_ids: ['1', '2'] }],
    notes: [{ note_id: U(8), created_at: '2020-01-01T00:00:00Z', content: 'c' }, { note_id: null, content: null }], phone_numbers: [{ phone_number_id: U(9), phone_number: '1', kind: 'mobile' }], list_memberships: [U(10)], taggings: null, sms_channel: { sms_channel_id: U(11), sms_address: '5551234', dial_code: '1', country_code: 'US', sms_channel_consents: [] } };
  h = (u, m, b) => m === 'PUT' ? [200, { contact_id: U(1), ...b }] : [200, odd];
  const a = await q('mutation($i:UpdateContactInput!){updateContact(input:$i){userErrors{code message field} contact{contactId birthday{month day} customFields{value} notes{content} tags{name} lists{listId}}}}', { i: { id: U(1), jobTitle: 'j', addNotes: ['n'], addTags: [U(20)], customFields: [{ field: U(12), value: 'new' }], addLists: [U(30)] } });
  show('upd', a);
});

it('custom field choices string/int', async () => {
  h = (u, m, b) => m === 'PUT' ? [200, b] : [200, { custom_field_id: U(1), label: 'l', type: 'single_select', choices: [{ choice_id: 12, choice_label: 'x', display_order: 1, created_at: 'x', deleted_at: null }, { choice_id: '0013', choice_label: 'y', display_order: null }] }];
  show('cf', await q('mutation($i:UpdateCustomFieldInput!){updateCustomField(input:$i){userErrors{code message field} customField{label choices{choiceId label}}}}', { i: { id: U(1), label: 'new' } }));
  show('cf2', await q('mutation($i:UpdateCustomFieldInput!){updateCustomField(input:$i){userErrors{code message field} customField{label choices{choiceId label}}}}', { i: { id: U(1), choices: [{ choiceId: '12', label: 'z' }, { label: 'q' }] } }));
});

it('segment int32, name long, criteria', async () => {
  h = (u, m, b) => [m === 'POST' ? 201 : 200, { segment_id: 3, ...(b ?? { name: 'n', segment_criteria: 'not json', created_at: '2020-01-01 10:00:00 +0000' }) }];
  show('seg', await q('{segment(id:"99999999999"){name segmentCriteria}}'));
  show('seg2', await q('{segment(id:"3"){name segmentCriteria createdAt}}'));
  show('seg3', await q('mutation($c:JSON!){createSegment(input:{name:"a\\"b",segmentCriteria:$c}){userErrors{code message} segment{segmentId segmentCriteria}}}', { c: { version: '1.0.0', criteria: { type: 'and', group: [] } } }));
});
it('segment 202', async () => {
  let n = 0;
  h = () => n++ < 2 ? [202, { status: 'processing' }] : [200, { contacts: null, status: 'completed' }];
  show('202', await q('{segment(id:"3"){name} contacts(filter:{segment:"3"}){totalCount nodes{contactId} pageInfo{hasNextPage}}}'));
});
it('null everywhere', async () => {
  h = (u) => [200, u.pathname === '/v3/contacts' ? { contacts: [{ contact_id: U(1), email_address: null, custom_fields: null, notes: null, phone_numbers: null, street_addresses: null, taggings: null, list_memberships: null, sms_channel: null, created_at: 'garbage', first_name: null }], contacts_count: null, _links: null } : u.pathname === '/v3/contact_lists' ? { lists: null, _links: {} } : {}];
  show('nulls', await q('{contacts{totalCount nodes{id contactId firstName createdAt emailAddress{address} customFields{value} notes{content} phoneNumbers{number} streetAddresses{city} tags{name} lists{name} smsChannel{smsAddress}}} contactLists{totalCount nodes{name}} tags{nodes{name}} customFields{nodes{label}} segments{nodes{name}} bulkActivities{nodes{state}} contactConsentCounts{total explicit newSubscribers} }'));
});

it('lists/tags partial', async () => {
  h = (u) => u.pathname.endsWith('/contact_lists') ? [200, { lists: [{ list_id: U(1), name: 'n', description: null, favorite: null, created_at: '2020-01-01', updated_at: null, deleted_at: null }], lists_count: 1 }] : u.pathname.endsWith('/contact_tags') ? [200, { tags: [{ tag_id: U(2), name: 't' }] }] : u.pathname.endsWith('/contact_custom_fields') ? [200, { custom_fields: [{ custom_field_id: U(3), label: 'l', type: 'brand_new', metadata: null, choices: null }] }] : u.pathname.endsWith('/segments') ? [200, { segments: [{ segment_id: 1 }] }] : u.pathname.endsWith('/activities') ? [200, { activities: [{ activity_id: U(4), activity_errors: [{ message: 'Line 3: bad' }, 'x', null] }] }] : [200, { contact_id: U(5), list_memberships: [U(1), U(99)], taggings: [U(2)], custom_fields: [{ custom_field_id: U(3), value: 'x' }, { custom_field_id: U(98), choice_ids: ['4'] }], sms_channel: { sms_channel_consents: null }, phone_numbers: [{}], street_addresses: [{ kind: 'moon' }], notes: [{}] }];
  show('partial', await q('{contact(id:"' + U(5) + '"){lists{name description favorite createdAt} tags{name contactsCount} customFields{value field{label type typeRaw choices{label}} choices{label}} smsChannel{smsAddress} phoneNumbers{kind kindRaw number} streetAddresses{kind city} notes{content createdAt}} contactLists{totalCount nodes{name membershipCount activeMembershipCount}} tags{nodes{name contactsCount}} segments{nodes{name createdAt segmentCriteria}} bulkActivities{nodes{state failures{line message}}}}'));
});
it('bulk bodies', async () => {
  h = (u, m) => [m === 'POST' ? 201 : 200, { activity_id: U(4), state: 'initialized' }];
  for (const m of ['addListMemberships(input:{source:{segment:"5"},lists:["' + U(1) + '"]})', 'removeListMemberships(input:{source:{allActiveContacts:true},exclude:["' + U(7) + '"],lists:["' + U(1) + '"]})', 'addContactTaggings(input:{source:{newSubscribers:true},tags:["' + U(1) + '"]})', 'removeContactTaggings(input:{source:{contacts:["' + U(1) + '","' + U(2) + '"]},tags:["' + U(1) + '"]})', 'deleteContacts(input:{source:{lists:["' + U(1) + '"]}})', 'deleteContactLists(input:{ids:["' + U(1) + '"]})', 'deleteTags(input:{ids:["' + U(1) + '"]})', 'deleteCustomFields(input:{ids:["' + U(1) + '"]})', 'exportContacts(input:{})', 'exportContacts(input:{source:{segment:"5"},fields:["email_address","first_name"]})', 'exportContacts(input:{source:{lists:["' + U(1) + '"]},newSubscribers:true,exclude:["' + U(1) + '"]})', 'importContacts(input:{lists:["' + U(1) + '"],smsPermissionToSend:EXPLICIT,contacts:[{email:"a@b.co",birthday:{month:2,day:29},streetAddresses:{home:{country:"US",street:"x"},work:{city:"y"}},customFields:[{name:"cf:foo",value:"1"}],phoneNumbers:{mobile:"1"}},{smsNumber:"+15551234567",smsConsentDate:"2024-01-01"}]})', 'importContactsFromFile(input:{lists:["' + U(1) + '"],file:{text:"email,first_name\\na@b.co,x"}})', 'deleteContactList(input:{id:"' + U(1) + '"})', 'deleteTag(input:{id:"' + U(1) + '"})'])
    { const r = await q('mutation{' + m + '{userErrors{code message field} bulkActivity{activityId state}}}'); show(m.slice(0, 40), [r.errors, JSON.stringify((r as any).data), r.calls]); }
});
it('signup + lists', async () => {
  h = (u, m) => [m === 'POST' ? 201 : 200, { list_id: U(1), name: 'x', contact_id: U(1), action: 'weird' }];
  show('signup', await q('mutation{createContactFromSignUpForm(input:{emailAddress:"a@b.co",lists:["' + U(1) + '"],streetAddress:{kind:HOME,city:"x"},customFields:[{field:"' + U(2) + '",value:""}]}){userErrors{code message field} action actionRaw contactId}}'));
  show('list', await q('mutation{createContactList(input:{name:"x"}){userErrors{code message field} contactList{name}}}'));
  show('list2', await q('mutation{updateContactList(input:{id:"' + U(1) + '",favorite:true}){userErrors{code message field} contactList{name}}}'));
  show('create', await q('mutation{createContact(input:{firstName:"x",phoneNumbers:[{kind:HOME,number:"1"}],birthday:null,lists:[],customFields:[]}){userErrors{code message field} contact{contactId}}}'));
});
