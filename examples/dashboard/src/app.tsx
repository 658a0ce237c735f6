import { Suspense } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { ContactPage } from './contact/contact-page.js';
import { ContactsPage } from './contacts/contacts-page.js';
import { NewContactPage } from './contact/new-contact-page.js';
import { EventPage } from './events/event-page.js';
import { EventsPage } from './events/events-page.js';
import { GroupsPage } from './groups/groups-page.js';
import { ImportPage, ImportProgressPage, PastImportsPage } from './import/import-page.js';
import { NoticesProvider } from './jobs/notices.js';
import { Banner } from './ui/banner.js';
import { lazyScreen, ScreenBoundary } from './ui/boundary.js';
import { Budget } from './ui/budget.js';
import { CampaignsIcon, ContactsIcon, EventsIcon, ImportIcon, ListsIcon, Logo } from './ui/icons.js';
import { Empty, Page, Skeleton } from './ui/page.js';

// Lazy, because these two load the chart library.
const CampaignsPage = lazyScreen(() => import('./campaigns/campaigns-page.js'));
const CampaignPage = lazyScreen(() => import('./campaigns/campaign-page.js'));

const SECTIONS = [
  { to: '/contacts', label: 'Contacts', Icon: ContactsIcon },
  { to: '/lists', label: 'Lists', Icon: ListsIcon },
  { to: '/campaigns', label: 'Campaigns', Icon: CampaignsIcon },
  { to: '/events', label: 'Events', Icon: EventsIcon },
  { to: '/import', label: 'Import', Icon: ImportIcon },
];

export function App() {
  return (
    <NoticesProvider>
      <div className="shell">
        <a className="skip" href="#main">
          Skip to content
        </a>
        <header className="top">
          <span className="brand">
            <Logo /> Harbor
          </span>
          <nav aria-label="Sections" className="sections">
            {SECTIONS.map(({ to, label, Icon }) => (
              <NavLink key={to} to={to} className="section">
                <Icon />
                <span>{label}</span>
              </NavLink>
            ))}
          </nav>
          <Budget />
        </header>
        <main id="main" tabIndex={-1}>
          <Banner />
          <ScreenBoundary>
            <Suspense fallback={<Skeleton rows={6} label="Loading the screen" />}>
              <Routes>
                <Route index element={<Navigate to="/contacts" replace />} />
                <Route path="/contacts" element={<ContactsPage />} />
                <Route path="/contacts/new" element={<NewContactPage />} />
                <Route path="/contacts/:contactId" element={<ContactPage />} />
                <Route path="/lists" element={<GroupsPage />} />
                <Route path="/campaigns" element={<CampaignsPage />} />
                <Route path="/campaigns/:campaignId" element={<CampaignPage />} />
                <Route path="/events" element={<EventsPage />} />
                <Route path="/events/:eventId" element={<EventPage />} />
                <Route path="/import" element={<ImportPage />} />
                <Route path="/import/past" element={<PastImportsPage />} />
                <Route path="/import/:activityId" element={<ImportProgressPage />} />
                <Route path="*" element={<Lost />} />
              </Routes>
            </Suspense>
          </ScreenBoundary>
        </main>
      </div>
    </NoticesProvider>
  );
}

function Lost() {
  return (
    <Page title="Nothing here">
      <Empty title="Page not found">Choose a section from the menu.</Empty>
    </Page>
  );
}
