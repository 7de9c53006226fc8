// `npm run page`: the page from its sources, renewed while one edits it; everything else comes from the product, which runs beside it
// (npm start). PAGE_API names its address when it is not http://localhost:8000.
import { createServer } from 'vite';
import { pageConfig } from './page-config.mjs';

process.env.NODE_ENV = 'development';
const target = process.env.PAGE_API ?? 'http://localhost:8000';
const forward = { target, changeOrigin: false };
const server = await createServer({
  ...pageConfig(),
  define: { 'process.env.NODE_ENV': '"development"' },
  server: {
    port: Number(process.env.PAGE_PORT ?? 5173),
    proxy: { '/api': forward, '/health': forward, '/favicon.ico': forward },
  },
});
await server.listen();
server.printUrls();
