import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // What everybody needs first is one file: a browser asks for six at a time.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'application', tags: ['$initial'] }] } } },
    // The charts are that large, and come last.
    chunkSizeWarningLimit: 1024,
  },
  test: { environment: 'node', silent: 'passed-only' },
  // `npm run dev` beside a running gateway: the pages from here, the API from there. Not on 5173, which is the gateway's.
  server: { port: 5174, strictPort: true, proxy: { '/api': 'http://localhost:5173' } },
});
