import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { App } from './app.js';
import { SessionProvider } from './session.js';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/parts.css';
import './styles/table.css';
import './styles/forms.css';
import './styles/contacts.css';
import './styles/screens.css';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');

// Warnings about unsaved changes need a data router; the routes themselves are in the app.
const router = createBrowserRouter([{ path: '*', element: <App /> }]);

createRoot(root).render(
  <StrictMode>
    <SessionProvider>
      <RouterProvider router={router} />
    </SessionProvider>
  </StrictMode>,
);
