// Made by "npm run schema".

import type { FormFile } from '../constant-contact/http/form.js';

export interface AccountEmailsFilter { confirmStatus?: string | null; emailAddress?: string | null; role?: string | null }
export interface AddAccountEmailInput { emailAddress: string }
export interface AddContactTaggingsInput { excludeContactIds?: ReadonlyArray<string> | null; source: ContactTaggingsSource; tagIds: ReadonlyArray<string> }
export interface AddListMembershipsInput { excludeContactIds?: ReadonlyArray<string> | null; listIds: ReadonlyArray<string>; source: AddListMembershipsSource }
export interface AddListMembershipsSource { allActiveContacts?: boolean | null; contactIds?: ReadonlyArray<string> | null; engagementLevel?: string | null; listIds?: ReadonlyArray<string> | null; segmentId?: string | null; tagIds?: ReadonlyArray<string> | null }
export interface AutomationDraftInput { definition?: unknown; trigger?: AutomationTriggerInput | null }
export interface AutomationParameterValueInput { json?: unknown; text?: string | null; texts?: ReadonlyArray<string> | null }
export interface AutomationTagInput { displayValue?: string | null; key: string; value: string }
export interface AutomationTriggerBoundsInput { after?: string | null; before?: string | null }
export interface AutomationTriggerDateInput { dateField?: string | null; dayField?: string | null; monthField?: string | null; type?: string | null }
export interface AutomationTriggerInput { actionName?: string | null; bounds?: AutomationTriggerBoundsInput | null; date?: AutomationTriggerDateInput | null; engagementLevel?: string | null; listIds?: ReadonlyArray<string> | null; parameters?: ReadonlyArray<AutomationTriggerParameterInput> | null; segmentId?: string | null; type: string; uniqueBy?: string | null }
export interface AutomationTriggerParameterInput { name: string; operator?: string | null; rule?: unknown; type?: string | null; value?: AutomationParameterValueInput | null }
export interface AutomationsFilter { channel?: string | null; createdFrom?: string | null; goals?: string | null; name?: string | null }
export interface BirthdayInput { day: number; month: number }
export interface BulkActivitiesFilter { state?: string | null }
export interface CancelPartnerAccountInput { accountId: string; effectiveAt?: Date | null; reason?: string | null }
export interface ContactListContactsFilter { createdAfter?: Date | null; createdBefore?: Date | null; email?: string | null; optedOutAfter?: Date | null; optedOutBefore?: Date | null; smsStatus?: ReadonlyArray<string> | null; status?: ReadonlyArray<string> | null; tagIds?: ReadonlyArray<string> | null; updatedAfter?: Date | null; updatedBefore?: Date | null }
export interface ContactListsFilter { channel?: string | null; name?: string | null; status?: string | null }
export interface ContactNoteInput { content?: string | null; createdAt?: Date | null; noteId?: string | null }
export interface ContactTaggingsSource { allActiveContacts?: boolean | null; contactIds?: ReadonlyArray<string> | null; listIds?: ReadonlyArray<string> | null; newSubscribers?: boolean | null; tagIds?: ReadonlyArray<string> | null }
export interface ContactsFilter { createdAfter?: Date | null; createdBefore?: Date | null; email?: string | null; listIds?: ReadonlyArray<string> | null; optedOutAfter?: Date | null; optedOutBefore?: Date | null; segmentId?: string | null; smsStatus?: ReadonlyArray<string> | null; status?: ReadonlyArray<string> | null; tagIds?: ReadonlyArray<string> | null; updatedAfter?: Date | null; updatedBefore?: Date | null }
export interface CopyEventInput { campaignActivityIds?: ReadonlyArray<string> | null; id: string; name: string }
export interface CreateAbTestInput { activityId: string; alternativeSubject: string; testSize: number; winnerWaitHours: number }
export interface CreateAccountPhysicalAddressInput { addressLine1: string; addressLine2?: string | null; addressLine3?: string | null; city: string; countryCode: string; postalCode?: string | null; stateCode?: string | null; stateName?: string | null }
export interface CreateAutomationInput { name?: string | null; trigger: AutomationTriggerInput }
export interface CreateContactFromSignUpFormInput { anniversary?: string | null; birthday?: BirthdayInput | null; companyName?: string | null; customFields?: ReadonlyArray<SignUpFormCustomFieldInput> | null; emailAddress?: string | null; firstName?: string | null; jobTitle?: string | null; lastName?: string | null; listIds: ReadonlyArray<string>; phoneNumber?: string | null; smsChannel?: SignUpFormSmsChannelInput | null; streetAddress?: StreetAddressInput | null }
export interface CreateContactInput { addNotes?: ReadonlyArray<string> | null; anniversary?: string | null; birthday?: BirthdayInput | null; companyName?: string | null; createSource?: string | null; customFields?: ReadonlyArray<CustomFieldValueInput> | null; emailAddress?: EmailAddressInput | null; firstName?: string | null; jobTitle?: string | null; lastName?: string | null; listIds?: ReadonlyArray<string> | null; notes?: ReadonlyArray<ContactNoteInput> | null; phoneNumbers?: ReadonlyArray<PhoneNumberInput> | null; smsChannel?: SmsChannelInput | null; streetAddresses?: ReadonlyArray<StreetAddressInput> | null; tagIds?: ReadonlyArray<string> | null }
export interface CreateContactListInput { description?: string | null; favorite?: boolean | null; name: string }
export interface CreateCustomFieldInput { choices?: ReadonlyArray<CustomFieldChoiceInput> | null; label: string; metadata?: CustomFieldMetadataInput | null; type: string; version?: number | null }
export interface CreateEmailCampaignInput { activity: EmailCampaignActivityInput; name: string }
export interface CreateEventInput { code?: string | null; contact?: EventContactInput | null; currency?: string | null; description?: string | null; display?: EventDisplayInput | null; endsAt?: Date | null; features?: EventFeaturesInput | null; location?: EventAddressInput | null; locationType?: string | null; name: string; notifyOwner?: boolean | null; onlineMeeting?: OnlineMeetingInput | null; placeholderCampaignId?: string | null; startsAt?: Date | null; status?: string | null; timeZone?: string | null; title?: string | null; track?: EventTrackInput | null; type?: string | null }
export interface CreatePartnerAccountInput { billingLocale?: string | null; contactEmail: string; contactPhone?: string | null; countryCode: string; firstName?: string | null; gdprOptOut?: boolean | null; lastName?: string | null; loginName: string; managed?: boolean | null; organizationName?: string | null; organizationPhone?: string | null; partnerAccountId?: string | null; signIn?: PartnerSignInInput | null; singleBilling?: boolean | null; stateCode?: string | null; timeZoneId?: string | null; website?: string | null }
export interface CreatePartnerSsoUserInput { accountId: string; contactEmail: string; externalId: string; externalProvider: string; firstName: string; lastName: string; loginName: string; role: string }
export interface CreateSegmentInput { name: string; segmentCriteria?: unknown }
export interface CreateSocialPostInput { contents: ReadonlyArray<SocialPostContentInput>; name?: string | null; scheduledAt?: Date | null; status: string }
export interface CreateTagInput { name: string; tagSource?: string | null }
export interface CustomFieldChoiceInput { displayOrder?: number | null; label: string }
export interface CustomFieldChoiceUpdateInput { choiceId?: string | null; displayOrder?: number | null; label?: string | null }
export interface CustomFieldContentInput { choiceIds?: ReadonlyArray<string> | null; text?: string | null }
export interface CustomFieldMetadataInput { allowNegative?: boolean | null; currencyCode?: string | null; decimalPlaces?: number | null; displayFormat?: string | null; displayType?: string | null; integer?: boolean | null }
export interface CustomFieldValueInput { fieldId: string; value?: CustomFieldContentInput | null }
export interface DeleteAbTestInput { activityId: string }
export interface DeleteContactInput { id: string }
export interface DeleteContactListInput { id: string }
export interface DeleteContactListsInput { ids: ReadonlyArray<string> }
export interface DeleteContactsInput { source: DeleteContactsSource }
export interface DeleteContactsSource { contactIds?: ReadonlyArray<string> | null; listIds?: ReadonlyArray<string> | null }
export interface DeleteCustomFieldInput { id: string }
export interface DeleteCustomFieldsInput { ids: ReadonlyArray<string> }
export interface DeleteEmailCampaignInput { id: string }
export interface DeleteNonOpenerResendInput { activityId: string; resendRequestId: string }
export interface DeletePartnerWebhookInput { topic: string }
export interface DeleteSegmentInput { id: string }
export interface DeleteTagInput { id: string }
export interface DeleteTagsInput { ids: ReadonlyArray<string> }
export interface EmailAddressInput { address?: string | null; optOutReason?: string | null; permissionToSend?: string | null }
export interface EmailCampaignActivityInput { format?: string | null; htmlContent: string; insertTrackingImage?: boolean | null; physicalAddressInFooter?: EmailFooterAddressInput | null; preheader?: string | null; sender: EmailSenderInput; subject: string }
export interface EmailCampaignsFilter { updatedAfter?: Date | null; updatedBefore?: Date | null }
export interface EmailDocumentPropertiesInput { forwardEmailLinkEnabled?: boolean | null; forwardEmailLinkName?: string | null; greetingNameType?: string | null; greetingSalutation?: string | null; greetingSecondary?: string | null; permissionReminder?: string | null; permissionReminderEnabled?: boolean | null; styleContent?: string | null; subscribeLinkEnabled?: boolean | null; subscribeLinkName?: string | null; textContent?: string | null; viewAsWebpageEnabled?: boolean | null; viewAsWebpageLinkName?: string | null; viewAsWebpageText?: string | null }
export interface EmailFooterAddressInput { addressLine1?: string | null; addressLine2?: string | null; addressLine3?: string | null; addressOptional?: string | null; city?: string | null; countryCode?: string | null; organizationName?: string | null; postalCode?: string | null; stateCode?: string | null; stateNonUsName?: string | null }
export interface EmailRecipientsInput { listIds?: ReadonlyArray<string> | null; segmentId?: string | null }
export interface EmailSenderInput { email: string; name: string; replyTo?: string | null }
export interface EventAddressInput { city?: string | null; country?: string | null; countryCode?: string | null; latitude?: number | null; line1?: string | null; line2?: string | null; longitude?: number | null; postalCode?: string | null; state?: string | null; stateCode?: string | null; venue?: string | null }
export interface EventContactInput { email?: string | null; fromEmail?: string | null; name?: string | null; organizationName?: string | null; phone?: string | null }
export interface EventDisplayInput { contact?: boolean | null; endTime?: boolean | null; onCalendar?: boolean | null; timeZone?: boolean | null }
export interface EventFeaturesInput { items?: boolean | null; payment?: boolean | null; promoCodes?: boolean | null }
export interface EventMediaAssetInput { externalId?: string | null; internalId?: string | null; type?: string | null; url?: string | null }
export interface EventPromoCodeInput { deletedAt?: Date | null; description?: string | null; discountAmount?: MoneyInput | null; discountPercent?: number | null; endsAt?: Date | null; items?: ReadonlyArray<PromoCodeItemInput> | null; name: string; paused?: boolean | null; promoCodeId?: string | null; quantityAvailable?: number | null; quantityTotal?: number | null; quantityUsed?: number | null; scope?: string | null; startsAt?: Date | null; status?: string | null; tickets?: ReadonlyArray<PromoCodeTicketInput> | null; timeLimited?: boolean | null; type?: string | null }
export interface EventRegistrationSort { direction?: string | null; field: string }
export interface EventRegistrationsFilter { paymentStatus?: string | null; searchText?: string | null; status?: string | null }
export interface EventSort { direction?: string | null; field: string }
export interface EventTicketsInput { eventId: string; ticketKeys: ReadonlyArray<string> }
export interface EventTrackInput { feeScope?: string | null; itemsHeader?: string | null; mediaAssets?: ReadonlyArray<EventMediaAssetInput> | null; promoCodes?: ReadonlyArray<EventPromoCodeInput> | null; registrationClosed?: boolean | null; registrationEndsAt?: Date | null; registrationType?: string | null; singleTicketOnly?: boolean | null; ticketCapacity?: number | null; ticketsHeader?: string | null }
export interface EventsFilter { searchText?: string | null; status?: string | null }
export interface ExportContactsInput { excludeContactIds?: ReadonlyArray<string> | null; fields?: ReadonlyArray<string> | null; newSubscribers?: boolean | null; source?: ExportContactsSource | null; status?: string | null }
export interface ExportContactsSource { contactIds?: ReadonlyArray<string> | null; listIds?: ReadonlyArray<string> | null; segmentId?: string | null; tagIds?: ReadonlyArray<string> | null }
export interface ImportContactInput { anniversary?: string | null; birthday?: BirthdayInput | null; companyName?: string | null; customFields?: ReadonlyArray<ImportCustomFieldInput> | null; email?: string | null; firstName?: string | null; jobTitle?: string | null; lastName?: string | null; phone?: string | null; phoneNumbers?: ImportPhoneNumbersInput | null; smsConsentDate?: string | null; smsNumber?: string | null; streetAddress?: ImportStreetAddressInput | null; streetAddresses?: ImportStreetAddressesInput | null }
export interface ImportContactsFromFileInput { allowUnknownColumns?: boolean | null; file: ImportFile; fileName?: string | null; listIds: ReadonlyArray<string>; smsPermissionToSend?: string | null }
export interface ImportContactsInput { allowUnknownColumns?: boolean | null; contacts: ReadonlyArray<ImportContactInput>; listIds: ReadonlyArray<string>; smsPermissionToSend?: string | null }
export interface ImportCustomFieldInput { field: ImportCustomFieldKeyInput; value: string }
export interface ImportCustomFieldKeyInput { id?: string | null; name?: string | null }
export interface ImportFile { base64?: string | null; text?: string | null; upload?: FormFile | null }
export interface ImportPhoneNumbersInput { home?: string | null; mobile?: string | null; other?: string | null; work?: string | null }
export interface ImportStreetAddressInput { city?: string | null; country?: string | null; postalCode?: string | null; state?: string | null; street2?: string | null; street?: string | null }
export interface ImportStreetAddressesInput { home?: ImportStreetAddressInput | null; other?: ImportStreetAddressInput | null; work?: ImportStreetAddressInput | null }
export interface MoneyInput { amount: string; currency?: string | null }
export interface OnlineMeetingInput { enabled?: boolean | null; instructions?: string | null; label?: string | null; provider?: string | null; url?: string | null }
export interface PartnerAccountOperationInput { accountId: string; headers?: ReadonlyArray<PartnerOperationParameterInput> | null; method: string; pathParameters?: ReadonlyArray<PartnerOperationParameterInput> | null; payload?: unknown; queryParameters?: ReadonlyArray<PartnerOperationParameterInput> | null; url: string }
export interface PartnerAccountsFilter { accountType?: string | null }
export interface PartnerExternalSignInInput { id: string; provider: string }
export interface PartnerOperationParameterInput { name: string; value: string }
export interface PartnerSignInInput { external?: PartnerExternalSignInInput | null; password?: string | null }
export interface PhoneNumberInput { kind: string; number: string }
export interface PromoCodeItemInput { associated?: boolean | null; hidden?: boolean | null; itemId?: string | null; name: string; shownOnRedemption?: boolean | null }
export interface PromoCodeTicketInput { associated?: boolean | null; hidden?: boolean | null; name: string; shownOnRedemption?: boolean | null; ticketId?: string | null; type: string }
export interface RemoveContactTaggingsInput { excludeContactIds?: ReadonlyArray<string> | null; source: ContactTaggingsSource; tagIds: ReadonlyArray<string> }
export interface RemoveListMembershipsInput { excludeContactIds?: ReadonlyArray<string> | null; listIds: ReadonlyArray<string>; source: RemoveListMembershipsSource }
export interface RemoveListMembershipsSource { allActiveContacts?: boolean | null; contactIds?: ReadonlyArray<string> | null; engagementLevel?: string | null; listIds?: ReadonlyArray<string> | null; newSubscribers?: boolean | null; tagIds?: ReadonlyArray<string> | null }
export interface RenameEmailCampaignInput { id: string; name: string }
export interface RenameSegmentInput { id: string; name: string }
export interface ResendDelayInput { days?: number | null; minutes?: number | null }
export interface ResendToNonOpenersInput { activityId: string; delay: ResendDelayInput; subject: string }
export interface ResubscribeContactInput { id: string; listIds: ReadonlyArray<string> }
export interface ScheduleEmailCampaignActivityInput { activityId: string; scheduledAt: Date }
export interface SendEmailCampaignActivityNowInput { activityId: string }
export interface SendEmailCampaignInput { campaignId?: string | null; completedSteps?: ReadonlyArray<string> | null; htmlContent?: string | null; insertTrackingImage?: boolean | null; name?: string | null; physicalAddressInFooter?: EmailFooterAddressInput | null; preheader?: string | null; recipients?: EmailRecipientsInput | null; sender?: EmailSenderInput | null; subject?: string | null; testAddresses?: ReadonlyArray<string> | null; testMessage?: string | null; when: SendTimeInput }
export interface SendTestEmailInput { activityId: string; addresses: ReadonlyArray<string>; personalMessage?: string | null }
export interface SendTimeInput { at?: Date | null; now?: boolean | null }
export interface SetPartnerPlanInput { accountId: string; billingDayOfMonth?: number | null; planGroupId?: number | null; type?: string | null }
export interface SetPartnerWebhookInput { hookUri: string; topic: string }
export interface SignUpFormCustomFieldInput { fieldId: string; value: string }
export interface SignUpFormSmsChannelInput { advertisedFrequency?: number | null; advertisedInterval?: string | null; countryCode: string; dialCode: string; mediumDetails: string; mediumType: string; mediumUrl: string; permission: string; smsAddress: string }
export interface SmsChannelInput { fullSmsAddress: string; mediumDetails?: string | null; permission: string }
export interface SocialPostContentInput { imageUrls?: ReadonlyArray<string> | null; profileIds: ReadonlyArray<string>; settings?: ReadonlyArray<SocialPostSettingInput> | null; text?: string | null }
export interface SocialPostSettingInput { name: string; network: string; value: string }
export interface StreetAddressInput { city?: string | null; country?: string | null; kind: string; postalCode?: string | null; state?: string | null; street?: string | null }
export interface TagContactsFilter { createdAfter?: Date | null; createdBefore?: Date | null; email?: string | null; listIds?: ReadonlyArray<string> | null; optedOutAfter?: Date | null; optedOutBefore?: Date | null; smsStatus?: ReadonlyArray<string> | null; status?: ReadonlyArray<string> | null; updatedAfter?: Date | null; updatedBefore?: Date | null }
export interface TestPartnerWebhookInput { topic: string }
export interface UnscheduleEmailCampaignActivityInput { activityId: string }
export interface UnsubscribePartnerContactsInput { accountId: string; deleteContacts?: boolean | null; emailAddresses: ReadonlyArray<string>; globalUnsubscribe?: boolean | null; optOutReason?: string | null; updateSource: string }
export interface UpdateAccountInput { contactEmail?: string | null; contactPhone?: string | null; countryCode?: string | null; firstName?: string | null; lastName?: string | null; organizationName?: string | null; organizationPhone?: string | null; stateCode?: string | null; timeZoneId?: string | null; website?: string | null }
export interface UpdateAccountPhysicalAddressInput { addressLine1?: string | null; addressLine2?: string | null; addressLine3?: string | null; city?: string | null; countryCode?: string | null; postalCode?: string | null; stateCode?: string | null; stateName?: string | null }
export interface UpdateAutomationInput { activeDefinition?: unknown; description?: string | null; draft?: AutomationDraftInput | null; id: string; name?: string | null; nameExplicitlySet?: boolean | null; status?: string | null; tags?: ReadonlyArray<AutomationTagInput> | null }
export interface UpdateContactInput { addListIds?: ReadonlyArray<string> | null; addNotes?: ReadonlyArray<string> | null; addTagIds?: ReadonlyArray<string> | null; anniversary?: string | null; birthday?: BirthdayInput | null; companyName?: string | null; customFields?: ReadonlyArray<CustomFieldValueInput> | null; emailAddress?: EmailAddressInput | null; firstName?: string | null; id: string; jobTitle?: string | null; lastName?: string | null; listIds?: ReadonlyArray<string> | null; notes?: ReadonlyArray<ContactNoteInput> | null; phoneNumbers?: ReadonlyArray<PhoneNumberInput> | null; removeListIds?: ReadonlyArray<string> | null; removeTagIds?: ReadonlyArray<string> | null; revive?: boolean | null; smsChannel?: SmsChannelInput | null; streetAddresses?: ReadonlyArray<StreetAddressInput> | null; tagIds?: ReadonlyArray<string> | null; updateSource?: string | null }
export interface UpdateContactListInput { description?: string | null; favorite?: boolean | null; id: string; name?: string | null }
export interface UpdateCustomFieldInput { choices?: ReadonlyArray<CustomFieldChoiceUpdateInput> | null; id: string; label?: string | null; type?: string | null }
export interface UpdateEmailCampaignActivityInput { activityId: string; documentId?: string | null; documentProperties?: EmailDocumentPropertiesInput | null; htmlContent?: string | null; physicalAddressInFooter?: EmailFooterAddressInput | null; preheader?: string | null; recipients?: EmailRecipientsInput | null; sender?: UpdateEmailSenderInput | null; subject?: string | null }
export interface UpdateEmailSenderInput { email?: string | null; name?: string | null; replyTo?: string | null }
export interface UpdateEventInput { code?: string | null; contact?: EventContactInput | null; currency?: string | null; description?: string | null; display?: EventDisplayInput | null; endsAt?: Date | null; features?: EventFeaturesInput | null; id: string; location?: EventAddressInput | null; locationType?: string | null; name?: string | null; notifyOwner?: boolean | null; onlineMeeting?: OnlineMeetingInput | null; startsAt?: Date | null; status?: string | null; timeZone?: string | null; title?: string | null; track?: EventTrackInput | null; type?: string | null }
export interface UpdateEventRegistrationPaymentStatusInput { eventId: string; paymentStatus: string; registrationIds: ReadonlyArray<string>; trackId: string }
export interface UpdateEventRegistrationsInput { eventId: string; increaseCount?: boolean | null; increaseItemCount?: boolean | null; registrationIds: ReadonlyArray<string>; returnItemsToInventory?: boolean | null; status: string; trackId: string }
export interface UpdateSegmentInput { id: string; name?: string | null; segmentCriteria?: unknown }
export interface UpdateTagInput { id: string; name: string }
export interface UpsertContactInput { addListIds?: ReadonlyArray<string> | null; addNotes?: ReadonlyArray<string> | null; addTagIds?: ReadonlyArray<string> | null; anniversary?: string | null; birthday?: BirthdayInput | null; companyName?: string | null; customFields?: ReadonlyArray<CustomFieldValueInput> | null; emailAddress: EmailAddressInput; firstName?: string | null; jobTitle?: string | null; lastName?: string | null; listIds?: ReadonlyArray<string> | null; notes?: ReadonlyArray<ContactNoteInput> | null; phoneNumbers?: ReadonlyArray<PhoneNumberInput> | null; removeListIds?: ReadonlyArray<string> | null; removeTagIds?: ReadonlyArray<string> | null; smsChannel?: SmsChannelInput | null; streetAddresses?: ReadonlyArray<StreetAddressInput> | null; tagIds?: ReadonlyArray<string> | null }
