# Usher for production: the built program, its production dependencies, its cards and migrations; no compiler, no tests.
ARG NODE=26

FROM node:${NODE}-slim AS build
WORKDIR /usher
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
COPY scripts/generate.mjs scripts/
# Makes the database client, too (docs/decisions/0001-prisma-without-its-engine.md).
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

FROM node:${NODE}-slim AS packages
WORKDIR /usher
COPY package.json package-lock.json ./
# The database client is built into dist/; nothing else needs a script at installation.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM node:${NODE}-slim
ENV NODE_ENV=production PORT=3978 DATA_DIR=/data
WORKDIR /usher
RUN mkdir /data && chown node:node /data
COPY package.json LICENSE ./
COPY prisma/migrations prisma/migrations
COPY cards cards
COPY src/surfaces/web/style.css src/surfaces/web/
COPY src/surfaces/web/browser src/surfaces/web/browser
COPY --from=packages /usher/node_modules node_modules
COPY --from=build /usher/dist dist
USER node
# Mails, where no SMTP_URL is set, and the embedded database, where no DATABASE_URL is.
VOLUME /data
EXPOSE 3978
# A process that only works (USHER_ROLES=worker) listens nowhere: switch this off for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
