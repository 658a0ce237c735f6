import type { ReactNode } from 'react';

/** Icons are next to words or inside labelled buttons, so screen readers skip them. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const ContactsIcon = () => (
  <Icon>
    <circle cx="9" cy="8.5" r="3.5" />
    <path d="M2.8 19.5c.6-3.4 3-5.3 6.2-5.3s5.6 1.9 6.2 5.3M15.5 5.4a3.5 3.5 0 0 1 0 6.2M18 14.8c1.7.8 2.8 2.4 3.2 4.7" />
  </Icon>
);
export const CampaignsIcon = () => (
  <Icon>
    <path d="M4 20V10m5.3 10V4m5.4 16v-7M20 20V8" />
  </Icon>
);
export const ImportIcon = () => (
  <Icon>
    <path d="M12 15V4m0 0L8 8m4-4 4 4M4 15v3.5A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5V15" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m16 16 4 4" />
  </Icon>
);
export const BackIcon = () => (
  <Icon>
    <path d="M19 12H5m0 0 6-6m-6 6 6 6" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon>
    <path d="m6 6 12 12M18 6 6 18" />
  </Icon>
);
export const WarningIcon = () => (
  <Icon>
    <path d="M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.5v.1" />
  </Icon>
);

export const ListsIcon = () => (
  <Icon>
    <path d="M9 6h11M9 12h11M9 18h11M4.5 6h.1M4.5 12h.1M4.5 18h.1" />
  </Icon>
);
export const EventsIcon = () => (
  <Icon>
    <path d="M4 9.5h16M8 3.5v4m8-4v4M5.5 5.5h13A1.5 1.5 0 0 1 20 7v11.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V7a1.5 1.5 0 0 1 1.5-1.5Z" />
  </Icon>
);
export const SortIcon = () => (
  <Icon>
    <path className="up" d="m8 10 4-4 4 4" />
    <path className="down" d="m8 14 4 4 4-4" />
  </Icon>
);

export const Logo = () => (
  <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <rect width="32" height="32" rx="9" />
    <path d="M8 21V11m5.3 10v-6m5.4 6V9M24 21v-8" />
  </svg>
);
