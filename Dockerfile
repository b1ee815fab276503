FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin revarch && cp target/release/revarch /revarch

# No shell and no package manager: there is nothing in the image to run but the server.
FROM gcr.io/distroless/cc-debian12:nonroot
LABEL io.modelcontextprotocol.server.name="io.github.revarch/revarch" \
      org.opencontainers.image.title="revarch" \
      org.opencontainers.image.description="Measures whether a revenue stack is ready for AI agents" \
      org.opencontainers.image.source="https://github.com/revarch/revarch" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /revarch /usr/local/bin/revarch
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/revarch/
# Mount the tables here, read-only. The folder is not the working one: a revarch.toml among exports is no configuration.
WORKDIR /data
WORKDIR /
ENTRYPOINT ["/usr/local/bin/revarch"]
CMD ["serve", "--data", "/data"]
