import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The app and the facade share one origin, so uploads and event streams need no CORS and no cookie rules.
// The host is passed on as it is: the facade refuses pages whose origin is another host than the one they ask.
const proxy = {
  '/graphql': { target: process.env['FACADE_URL'] ?? 'http://127.0.0.1:4000', changeOrigin: false },
};

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    // The charts are a chunk of their own, loaded by the screens that draw some.
    chunkSizeWarningLimit: 600,
  },
});
