# syntax=docker/dockerfile:1
# One image for every role: the command is start (default), api, worker, simulator, migrate, doctor, …

FROM node:24-bookworm-slim AS build
WORKDIR /app
# The packages first: they change less often than the program, and this layer is then taken from the cache.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build \
 && npm prune --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/.cache

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/data \
    LOG_FORMAT=json
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/client ./client
COPY --from=build /app/locales ./locales
COPY --from=build /app/dist ./dist
COPY deploy/docker/healthcheck.mjs ./
# Nobody in the image may write to the program; only /data belongs to the user.
USER node
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "healthcheck.mjs"]
ENTRYPOINT ["node", "--max-semi-space-size=32", "dist/cli/main.js"]
CMD ["start"]
