# The one image of the project. Node runs the TypeScript sources: there is nothing to build but node_modules.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
# A certificate bundle for registries behind a proxy that re-signs; empty where there is none.
ARG NODE_EXTRA_CA_CERTS=
ENV NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS}
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY LICENSE NOTICE package.json ./
COPY crds ./crds
COPY operator ./operator
COPY worker ./worker
RUN printf '#!/bin/sh\nexec node /app/worker/cli/main.ts "$@"\n' > /usr/local/bin/deid && chmod 755 /usr/local/bin/deid
# Nothing is written outside mounted volumes: the root file system may be read-only.
ENV NODE_ENV=production NODE_COMPILE_CACHE=
USER 65532:65532
ENTRYPOINT ["deid"]
CMD ["--help"]
