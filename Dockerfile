# docker build --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" --build-arg VERSION=0.1.0 -t stageset-controller .
# The images are any with Node.js 24: name a mirror's, or one without a shell to run in.
ARG BUILD_IMAGE=node:24-slim
ARG RUN_IMAGE=node:24-slim

FROM ${BUILD_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=peer --ignore-scripts
# Two files of three are for editors and debuggers. What scanners read stays: each package.json, and npm's own list.
RUN find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${BUILD_IMAGE} AS compiler
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM compiler AS build
ARG COMMIT=unknown
COPY tsconfig.json tsconfig.build.json ./
COPY tools/build.ts tools/build.ts
COPY src src
RUN COMMIT="$COMMIT" node tools/build.ts

FROM ${RUN_IMAGE}
ARG VERSION=unknown
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="stageset-controller" \
  org.opencontainers.image.description="Ordered, gated, multi-stage delivery of Flux artifacts on Kubernetes" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${COMMIT}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
USER 65532:65532
EXPOSE 8080 8081 8082 8084 9443
# As bin/stageset-controller starts it, without a shell.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--no-parallel-scavenge", "/app/dist/main/main.js"]
