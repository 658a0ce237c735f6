import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The app and the facade share one origin, so uploads and event streams need no CORS and no cookie rules. The
// host is kept: the facade rejects pages whose origin differs from the requested host.
const proxy = {
  '/graphql': { target: process.env['FACADE_URL'] ?? 'http://127.0.0.1:4000', changeOrigin: false },
};

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    // The charts are a separate chunk, loaded by the screens that draw some.
    chunkSizeWarningLimit: 600,
  },
});
