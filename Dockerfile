# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.ts scripts/
COPY src src/
RUN npx tsx scripts/build.ts

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
LABEL org.opencontainers.image.title="constant-contact-graphql" \
      org.opencontainers.image.description="A GraphQL API over the Constant Contact V3 REST API" \
      org.opencontainers.image.licenses="MIT"
# The server does not start on 0.0.0.0 without access control, such as ACCESS_KEYS. Without credentials it does not start either, unless
# SANDBOX=on requests the sandbox account.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules/
COPY --from=build /app/dist dist/
COPY package.json schema.graphql schema.api.graphql LICENSE CHANGELOG.md ./
COPY examples/*.graphql examples/
USER node
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between, Node receives SIGTERM and shuts down gracefully, within ten seconds.
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
