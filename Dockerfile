# syntax=docker/dockerfile:1
# The product as a small image: a static binary, certificates, no shell, not root. `docker build -t leanpmo/pmo:local .`

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOFLAGS=-mod=readonly GOTOOLCHAIN=local
# auto writes the commit into the binary (`pmo version`); use false for a checkout without history.
ARG BUILDVCS=auto
# The source is mounted, not copied, and the caches are kept: only changes are downloaded and compiled.
RUN --mount=type=bind,target=/src \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    git config --global --add safe.directory /src && \
    go build -trimpath -buildvcs="$BUILDVCS" -ldflags="-s -w" -o /out/pmo ./cmd/pmo

FROM scratch
LABEL org.opencontainers.image.title="Lean PMO" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/pmo /pmo
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["/pmo", "healthcheck"]
ENTRYPOINT ["/pmo"]
CMD ["server"]
