import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // The whole application is one page: a second chunk would only come later.
    chunkSizeWarningLimit: 1024,
  },
  test: { environment: 'node', silent: 'passed-only' },
  // `npm run dev` beside a running gateway: the pages from here, the API from there. Not on 5173, which is the gateway's.
  server: { port: 5174, strictPort: true, proxy: { '/api': 'http://localhost:5173' } },
});
