// interim
import type { components, operations as wire } from './types.js';
export interface OperationFacts { method: 'GET'|'POST'|'PUT'|'PATCH'|'DELETE'; path: string; pathParams: readonly string[]; queryParams: readonly string[]; repeated: readonly string[]; body: 'json'|'multipart'|null; success: readonly number[]; response: 'json'|'csv'|'none'; errors: readonly number[]; paging: 'links'|'none'; rows: string|null; auth: 'oauth'|'partner'; scopes: readonly string[]; tag: string }
export const operations = {
 "getUserPrivileges": {
  "method": "GET",
  "path": "/account/user/privileges",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   401,
   403,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [],
  "tag": "Account Services"
 },
 "getAccountById": {
  "method": "GET",
  "path": "/account/summary",
  "pathParams": [],
  "queryParams": [
   "extra_fields"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_read"
  ],
  "tag": "Account Services"
 },
 "putCustomerById": {
  "method": "PUT",
  "path": "/account/summary",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_update"
  ],
  "tag": "Account Services"
 },
 "getPhysicalAddress": {
  "method": "GET",
  "path": "/account/summary/physical_address",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_read"
  ],
  "tag": "Account Services"
 },
 "addPhysicalAddress": {
  "method": "POST",
  "path": "/account/summary/physical_address",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_update"
  ],
  "tag": "Account Services"
 },
 "putPhysicalAddress": {
  "method": "PUT",
  "path": "/account/summary/physical_address",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_update"
  ],
  "tag": "Account Services"
 },
 "retrieveEmailAddresses": {
  "method": "GET",
  "path": "/account/emails",
  "pathParams": [],
  "queryParams": [
   "confirm_status",
   "role_code",
   "email_address"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_read"
  ],
  "tag": "Account Services"
 },
 "addAccountEmailAddress": {
  "method": "POST",
  "path": "/account/emails",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "account_update"
  ],
  "tag": "Account Services"
 },
 "getActivityStatusCollection": {
  "method": "GET",
  "path": "/activities",
  "pathParams": [],
  "queryParams": [
   "limit",
   "state"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "getActivity": {
  "method": "GET",
  "path": "/activities/{activity_id}",
  "pathParams": [
   "activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postContactsExport": {
  "method": "POST",
  "path": "/activities/contact_exports",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "getContactsExport": {
  "method": "GET",
  "path": "/contact_exports/{file_export_id}",
  "pathParams": [
   "file_export_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "csv",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postContactDelete": {
  "method": "POST",
  "path": "/activities/contact_delete",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "contactsCSVImport": {
  "method": "POST",
  "path": "/activities/contacts_file_import",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "multipart",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "bulkImportContactsJSON": {
  "method": "POST",
  "path": "/activities/contacts_json_import",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postListRemoveContact": {
  "method": "POST",
  "path": "/activities/remove_list_memberships",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postListAddContact": {
  "method": "POST",
  "path": "/activities/add_list_memberships",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postListDelete": {
  "method": "POST",
  "path": "/activities/list_delete",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postTagRemoveContact": {
  "method": "POST",
  "path": "/activities/contacts_taggings_remove",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postTagAddContact": {
  "method": "POST",
  "path": "/activities/contacts_taggings_add",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postTagDelete": {
  "method": "POST",
  "path": "/activities/contacts_tags_delete",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "postCustomFieldDelete": {
  "method": "POST",
  "path": "/activities/custom_fields_delete",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Bulk Activities"
 },
 "findEvents": {
  "method": "GET",
  "path": "/events",
  "pathParams": [],
  "queryParams": [
   "event_status",
   "search_text",
   "sort_by",
   "sort_order",
   "limit",
   "prev",
   "next"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "addDefaultEvent": {
  "method": "POST",
  "path": "/events/default",
  "pathParams": [],
  "queryParams": [
   "name",
   "start_time",
   "end_time",
   "placeholder_campaign_id"
  ],
  "repeated": [],
  "body": null,
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "getEvent_2": {
  "method": "GET",
  "path": "/events/{event_id}",
  "pathParams": [
   "event_id"
  ],
  "queryParams": [
   "include"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "patchEvent": {
  "method": "PATCH",
  "path": "/events/{event_id}",
  "pathParams": [
   "event_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "copyEvent": {
  "method": "POST",
  "path": "/events/{event_id}/copy",
  "pathParams": [
   "event_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200,
   207
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "checkInTickets": {
  "method": "POST",
  "path": "/events/{event_id}/check_in/tickets",
  "pathParams": [
   "event_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "undoCheckInTickets": {
  "method": "POST",
  "path": "/events/{event_id}/undo_check_in/tickets",
  "pathParams": [
   "event_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "getRegistrationInfo": {
  "method": "GET",
  "path": "/events/{event_id}/tracks/{track_id}/registrations/{registration_id}",
  "pathParams": [
   "event_id",
   "track_id",
   "registration_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "findRegistrationsUsingGET": {
  "method": "GET",
  "path": "/events/{event_id}/tracks/{track_id}/registrations",
  "pathParams": [
   "event_id",
   "track_id"
  ],
  "queryParams": [
   "registration_status",
   "payment_status",
   "search_text",
   "sort_by",
   "sort_order",
   "page_size",
   "limit",
   "prev",
   "next"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "updateRegistrationStatusUsingPUT": {
  "method": "PUT",
  "path": "/events/{event_id}/tracks/{track_id}/registrations",
  "pathParams": [
   "event_id",
   "track_id"
  ],
  "queryParams": [
   "increase_count",
   "increase_item_count",
   "return_items_to_inventory"
  ],
  "repeated": [],
  "body": "json",
  "success": [
   200,
   207
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "updateRegistrationPaymentStatusUsingPUT": {
  "method": "PUT",
  "path": "/events/{event_id}/tracks/{track_id}/registrations/payment_status",
  "pathParams": [
   "event_id",
   "track_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200,
   207
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Events"
 },
 "getSocialProfilesUsingGET": {
  "method": "GET",
  "path": "/social/profiles",
  "pathParams": [],
  "queryParams": [
   "include"
  ],
  "repeated": [
   "include"
  ],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Social"
 },
 "getSocialConnectionsUsingGET": {
  "method": "GET",
  "path": "/social/connections",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Social"
 },
 "getSocialHashtagGroupsUsingGET": {
  "method": "GET",
  "path": "/social/hashtags/groups",
  "pathParams": [],
  "queryParams": [
   "limit",
   "page"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Social"
 },
 "createSocialPostUsingPOST": {
  "method": "POST",
  "path": "/social/posts",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200,
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Social"
 },
 "getAccountSegments": {
  "method": "GET",
  "path": "/segments",
  "pathParams": [],
  "queryParams": [
   "limit",
   "sort_by"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "createSegment": {
  "method": "POST",
  "path": "/segments",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "getSegmentDetail": {
  "method": "GET",
  "path": "/segments/{segment_id}",
  "pathParams": [
   "segment_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "updateSegment": {
  "method": "PUT",
  "path": "/segments/{segment_id}",
  "pathParams": [
   "segment_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "deleteSegment": {
  "method": "DELETE",
  "path": "/segments/{segment_id}",
  "pathParams": [
   "segment_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "updateSegmentName": {
  "method": "PATCH",
  "path": "/segments/{segment_id}/name",
  "pathParams": [
   "segment_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Segments"
 },
 "getContact": {
  "method": "GET",
  "path": "/contacts/{contact_id}",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [
   "include"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "putContact": {
  "method": "PUT",
  "path": "/contacts/{contact_id}",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "deleteContact": {
  "method": "DELETE",
  "path": "/contacts/{contact_id}",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "getContacts": {
  "method": "GET",
  "path": "/contacts",
  "pathParams": [],
  "queryParams": [
   "status",
   "email",
   "lists",
   "segment_id",
   "tags",
   "updated_after",
   "updated_before",
   "created_after",
   "created_before",
   "optout_after",
   "optout_before",
   "include",
   "sms_status",
   "include_count",
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200,
   202
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "createContact": {
  "method": "POST",
  "path": "/contacts",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "createOrUpdateContact": {
  "method": "POST",
  "path": "/contacts/sign_up_form",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200,
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "getContactIdXrefs": {
  "method": "GET",
  "path": "/contacts/contact_id_xrefs",
  "pathParams": [],
  "queryParams": [
   "sequence_ids"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "getCustomField": {
  "method": "GET",
  "path": "/contact_custom_fields/{custom_field_id}",
  "pathParams": [
   "custom_field_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Custom Fields"
 },
 "putCustomField": {
  "method": "PUT",
  "path": "/contact_custom_fields/{custom_field_id}",
  "pathParams": [
   "custom_field_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Custom Fields"
 },
 "deleteCustomField": {
  "method": "DELETE",
  "path": "/contact_custom_fields/{custom_field_id}",
  "pathParams": [
   "custom_field_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   401,
   403,
   404,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Custom Fields"
 },
 "getCustomFields": {
  "method": "GET",
  "path": "/contact_custom_fields",
  "pathParams": [],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Custom Fields"
 },
 "postCustomFields": {
  "method": "POST",
  "path": "/contact_custom_fields",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Custom Fields"
 },
 "getList": {
  "method": "GET",
  "path": "/contact_lists/{list_id}",
  "pathParams": [
   "list_id"
  ],
  "queryParams": [
   "include_membership_count"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "putList": {
  "method": "PUT",
  "path": "/contact_lists/{list_id}",
  "pathParams": [
   "list_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "deleteListActivity": {
  "method": "DELETE",
  "path": "/contact_lists/{list_id}",
  "pathParams": [
   "list_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   202
  ],
  "response": "json",
  "errors": [
   401,
   403,
   404,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "getLists": {
  "method": "GET",
  "path": "/contact_lists",
  "pathParams": [],
  "queryParams": [
   "limit",
   "include_count",
   "include_membership_count",
   "name",
   "status",
   "channel_type",
   "include_sms_membership_count"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "createList": {
  "method": "POST",
  "path": "/contact_lists",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "getListIdXrefs": {
  "method": "GET",
  "path": "/contact_lists/list_id_xrefs",
  "pathParams": [],
  "queryParams": [
   "sequence_ids"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Lists"
 },
 "getSmsEngagementHistory": {
  "method": "GET",
  "path": "/contacts/sms_engagement_history/{contact_id}",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "countContact": {
  "method": "GET",
  "path": "/contacts/counts",
  "pathParams": [],
  "queryParams": [
   "include"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "resubscribeContact": {
  "method": "PUT",
  "path": "/contacts/resubscribe/{contact_id}",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts"
 },
 "getTag": {
  "method": "GET",
  "path": "/contact_tags/{tag_id}",
  "pathParams": [
   "tag_id"
  ],
  "queryParams": [
   "include_count"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Tags"
 },
 "putTag": {
  "method": "PUT",
  "path": "/contact_tags/{tag_id}",
  "pathParams": [
   "tag_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Tags"
 },
 "deleteTag": {
  "method": "DELETE",
  "path": "/contact_tags/{tag_id}",
  "pathParams": [
   "tag_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   202
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   406,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Tags"
 },
 "getTags": {
  "method": "GET",
  "path": "/contact_tags",
  "pathParams": [],
  "queryParams": [
   "limit",
   "include_count"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Tags"
 },
 "postTag": {
  "method": "POST",
  "path": "/contact_tags",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contact Tags"
 },
 "retrieveEmailCampaignsUsingGET": {
  "method": "GET",
  "path": "/emails",
  "pathParams": [],
  "queryParams": [
   "limit",
   "before_date",
   "after_date"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "createEmailCampaignUsingPOST": {
  "method": "POST",
  "path": "/emails",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   409,
   415,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "retrieveEmailCampaignUsingGET": {
  "method": "GET",
  "path": "/emails/{campaign_id}",
  "pathParams": [
   "campaign_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "removeEmailCampaignUsingDELETE": {
  "method": "DELETE",
  "path": "/emails/{campaign_id}",
  "pathParams": [
   "campaign_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "renameEmailCampaignUsingPATCH": {
  "method": "PATCH",
  "path": "/emails/{campaign_id}",
  "pathParams": [
   "campaign_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   415,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "retrieveXrefMappingsUsingGET": {
  "method": "GET",
  "path": "/emails/campaign_id_xrefs",
  "pathParams": [],
  "queryParams": [
   "v2_email_campaign_ids"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "retrieveEmailCampaignActivityUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "include"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "updateEmailCampaignActivityUsingPUT": {
  "method": "PUT",
  "path": "/emails/activities/{campaign_activity_id}",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "retrieveEmailSchedulesUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}/schedules",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "scheduleEmailCampaignActivityUsingPOST": {
  "method": "POST",
  "path": "/emails/activities/{campaign_activity_id}/schedules",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "unscheduleEmailCampaignActivityUsingDELETE": {
  "method": "DELETE",
  "path": "/emails/activities/{campaign_activity_id}/schedules",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "testSendCampaignActivityUsingPOST": {
  "method": "POST",
  "path": "/emails/activities/{campaign_activity_id}/tests",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "retrieveEmailCampaignActivityPreviewUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}/previews",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "retrieveEmailSendHistoryUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}/send_history",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Scheduling"
 },
 "retrieveResendToNonOpenersUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}/non_opener_resends",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "createResendToNonOpenersUsingPOST": {
  "method": "POST",
  "path": "/emails/activities/{campaign_activity_id}/non_opener_resends",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "deleteResendToNonOpenersUsingDELETE": {
  "method": "DELETE",
  "path": "/emails/activities/{campaign_activity_id}/non_opener_resends/{resend_request_id}",
  "pathParams": [
   "campaign_activity_id",
   "resend_request_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns"
 },
 "listAutomations": {
  "method": "GET",
  "path": "/automations/workflows",
  "pathParams": [],
  "queryParams": [
   "channel",
   "sort_direction",
   "created_from",
   "goals",
   "name"
  ],
  "repeated": [],
  "body": null,
  "success": [
   209
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Automations"
 },
 "createAutomationCampaignUsingPost": {
  "method": "POST",
  "path": "/automations/workflows",
  "pathParams": [],
  "queryParams": [
   "workflowName"
  ],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Automations"
 },
 "retrieveAutomationCampaignUsingGet": {
  "method": "GET",
  "path": "/automations/workflows/{automation_flow_id}",
  "pathParams": [
   "automation_flow_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Automations"
 },
 "updateAutomationCampaignUsingPut": {
  "method": "PUT",
  "path": "/automations/workflows/{automation_flow_id}",
  "pathParams": [
   "automation_flow_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Automations"
 },
 "retrieveEmailCampaignABTestUsingGET": {
  "method": "GET",
  "path": "/emails/activities/{campaign_activity_id}/abtest",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns AB Tests"
 },
 "createEmailCampaignABTestUsingPOST": {
  "method": "POST",
  "path": "/emails/activities/{campaign_activity_id}/abtest",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns AB Tests"
 },
 "deleteEmailCampaignABTestUsingDELETE": {
  "method": "DELETE",
  "path": "/emails/activities/{campaign_activity_id}/abtest",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   429,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Campaigns AB Tests"
 },
 "getContactTracking": {
  "method": "GET",
  "path": "/reports/contact_reports/{contact_id}/activity_details",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [
   "tracking_activities_list",
   "tracking_activity_type",
   "include_campaign_activity_names",
   "limit"
  ],
  "repeated": [
   "tracking_activity_type"
  ],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Reporting"
 },
 "getContactOpenClickRate": {
  "method": "GET",
  "path": "/reports/contact_reports/{contact_id}/open_and_click_rates",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [
   "start",
   "end"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Reporting"
 },
 "getContactTrackingCount": {
  "method": "GET",
  "path": "/reports/contact_reports/{contact_id}/activity_summary",
  "pathParams": [
   "contact_id"
  ],
  "queryParams": [
   "start",
   "end"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "contact_data"
  ],
  "tag": "Contacts Reporting"
 },
 "getCampaignActivityLinkStats": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/links",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "no_clicks"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getSends": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/sends",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getOpens": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/opens",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getUniqueOpens": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/unique_opens",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getDidNotOpens": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/didnotopens",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getClicks": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/clicks",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "url_id",
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getForwards": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/forwards",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getOptouts": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/optouts",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getBounces": {
  "method": "GET",
  "path": "/reports/email_reports/{campaign_activity_id}/tracking/bounces",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "bounce_code",
   "limit"
  ],
  "repeated": [
   "bounce_code"
  ],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getAllBulkEmailCampaignSummaries": {
  "method": "GET",
  "path": "/reports/summary_reports/email_campaign_summaries",
  "pathParams": [],
  "queryParams": [
   "limit"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getEmailSummary": {
  "method": "GET",
  "path": "/reports/stats/email_campaigns/{campaign_ids}",
  "pathParams": [
   "campaign_ids"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getEmailCampaignActivitySummary": {
  "method": "GET",
  "path": "/reports/stats/email_campaign_activities/{campaign_activity_ids}",
  "pathParams": [
   "campaign_activity_ids"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Email Reporting"
 },
 "getUniqueContactClicks": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_clicks",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getUniqueContactOpens": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_opens",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getContactOpens": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_contact_opens",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getUniqueContactUpdates": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_updates",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getContactAdds": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_adds",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getUniqueContactSMSOptIns": {
  "method": "GET",
  "path": "/reports/landing_pages/campaign_details/{campaign_activity_id}/p_unique_contact_sms_optins",
  "pathParams": [
   "campaign_activity_id"
  ],
  "queryParams": [
   "limit",
   "contacts_filter"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "Landing Pages Reporting"
 },
 "getAllBulkSmsCampaignSummaries": {
  "method": "GET",
  "path": "/reports/summary_reports/sms_campaign_summaries",
  "pathParams": [],
  "queryParams": [
   "limit",
   "start_at",
   "end_at"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "oauth",
  "scopes": [
   "campaign_data"
  ],
  "tag": "SMS Reporting"
 },
 "getPartnerSiteOwners": {
  "method": "GET",
  "path": "/partner/accounts",
  "pathParams": [],
  "queryParams": [
   "offset",
   "limit",
   "account_type"
  ],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "provision": {
  "method": "POST",
  "path": "/partner/accounts",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   409,
   415,
   500,
   503
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "getPlan": {
  "method": "GET",
  "path": "/partner/accounts/{encoded_account_id}/plan",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   405,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "setPlan": {
  "method": "PUT",
  "path": "/partner/accounts/{encoded_account_id}/plan",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   405,
   415,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "cancelAccount": {
  "method": "PUT",
  "path": "/partner/accounts/{encoded_account_id}/status/cancel",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "partnerAccountOperationsPostSync": {
  "method": "POST",
  "path": "/partner/accounts/{encoded_account_id}/account_operations/sync",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "createSSOUser": {
  "method": "POST",
  "path": "/partner/accounts/{encoded_account_id}/users/sso",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   201
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   409,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "partnerUnsubscribeContacts": {
  "method": "POST",
  "path": "/partner/accounts/{encoded_account_id}/contacts/unsubscribe",
  "pathParams": [
   "encoded_account_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   406,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners"
 },
 "getWebhooksCollection": {
  "method": "GET",
  "path": "/partner/webhooks/subscriptions",
  "pathParams": [],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners Webhooks"
 },
 "getWebhooksTopic": {
  "method": "GET",
  "path": "/partner/webhooks/subscriptions/{topic_id}",
  "pathParams": [
   "topic_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners Webhooks"
 },
 "putWebhooksTopic": {
  "method": "PUT",
  "path": "/partner/webhooks/subscriptions/{topic_id}",
  "pathParams": [
   "topic_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": "json",
  "success": [
   200
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners Webhooks"
 },
 "deleteWebhooksSubscriptions": {
  "method": "DELETE",
  "path": "/partner/webhooks/subscriptions/{topic_id}",
  "pathParams": [
   "topic_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   204
  ],
  "response": "none",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners Webhooks"
 },
 "testSendWebhooksTopic": {
  "method": "POST",
  "path": "/partner/webhooks/subscriptions/{topic_id}/tests",
  "pathParams": [
   "topic_id"
  ],
  "queryParams": [],
  "repeated": [],
  "body": null,
  "success": [
   201
  ],
  "response": "json",
  "errors": [
   400,
   401,
   403,
   404,
   500
  ],
  "paging": "links",
  "rows": null,
  "auth": "partner",
  "scopes": [],
  "tag": "Technology Partners Webhooks"
 }
} as const satisfies Record<string, OperationFacts>;
export type OperationId = keyof typeof operations;
type Get<T, K extends string> = K extends keyof T ? T[K] : never;
export type PathParams<Id extends OperationId> = wire[Id]['parameters'] extends { path: infer P } ? P : Record<never, never>;
export type QueryParams<Id extends OperationId> = wire[Id]['parameters'] extends { query?: infer Q } ? NonNullable<Q> : Record<never, never>;
export type RequestBody<Id extends OperationId> = wire[Id] extends { requestBody?: infer B } ? NonNullable<B> extends { content: infer C } ? C[keyof C] : never : never;
type Ok = 200 | 201 | 202 | 204 | 207 | 209;
type Bodies<R> = { [S in keyof R & Ok]: R[S] extends { content: infer C } ? C[keyof C] : undefined }[keyof R & Ok];
export type ResponseBody<Id extends OperationId> = wire[Id] extends { responses: infer R } ? Bodies<R> : never;
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
