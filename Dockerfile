# The one image of the project. Node runs the TypeScript sources: there is nothing to build but node_modules.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
# A certificate bundle for registries behind a proxy that re-signs; empty where there is none.
ARG NODE_EXTRA_CA_CERTS=
ENV NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS}
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM ${NODE_IMAGE} AS program
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY LICENSE NOTICE package.json ./
COPY crds ./crds
COPY operator ./operator
COPY worker ./worker
RUN printf '#!/bin/sh\nexec node /app/worker/cli/deid.mjs "$@"\n' > /usr/local/bin/deid && chmod 755 /usr/local/bin/deid

# A run over a few made images fills the compile cache (worker/compile-cache.mjs), which Node keeps by the user's number.
FROM program AS warm
COPY examples ./examples
COPY test/builders ./test/builders
RUN chown 65532:65532 . node_modules
USER 65532:65532
RUN node examples/demo/demo.ts
USER 0:0
RUN chown -R 0:0 node_modules/.cache && chmod -R a+rX,go-w node_modules/.cache

FROM program
COPY --from=warm /app/node_modules/.cache ./node_modules/.cache
# Nothing is written outside mounted volumes: the root file system may be read-only.
ENV NODE_ENV=production NODE_COMPILE_CACHE=
USER 65532:65532
ENTRYPOINT ["deid"]
CMD ["--help"]
