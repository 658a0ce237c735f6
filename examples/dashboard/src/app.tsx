import { lazy, Suspense } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { ContactPage } from './contact/contact-page.js';
import { ContactsPage } from './contacts/contacts-page.js';
import { ImportPage } from './import/import-page.js';
import { Budget } from './ui/budget.js';
import { CampaignsIcon, ContactsIcon, ImportIcon, Logo } from './ui/icons.js';
import { Empty, Page, Skeleton } from './ui/page.js';

// These two bring the chart library along.
const CampaignsPage = lazy(() => import('./campaigns/campaigns-page.js'));
const CampaignPage = lazy(() => import('./campaigns/campaign-page.js'));

const SECTIONS = [
  { to: '/contacts', label: 'Contacts', Icon: ContactsIcon },
  { to: '/campaigns', label: 'Campaigns', Icon: CampaignsIcon },
  { to: '/import', label: 'Import', Icon: ImportIcon },
];

export function App() {
  return (
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
        <Suspense fallback={<Skeleton rows={6} label="Loading the screen" />}>
          <Routes>
            <Route index element={<Navigate to="/contacts" replace />} />
            <Route path="/contacts" element={<ContactsPage />} />
            <Route path="/contacts/:contactId" element={<ContactPage />} />
            <Route path="/campaigns" element={<CampaignsPage />} />
            <Route path="/campaigns/:campaignId" element={<CampaignPage />} />
            <Route path="/import" element={<ImportPage />} />
            <Route path="*" element={<Lost />} />
          </Routes>
        </Suspense>
      </main>
    </div>
  );
}

function Lost() {
  return (
    <Page title="Nothing here">
      <Empty title="There is no such screen">Choose a section from the menu.</Empty>
    </Page>
  );
}
