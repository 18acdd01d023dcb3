# What docs/bench.md promises, measured on this machine.

bench() {
  if [ "${1:-}" = nab ]; then shift; bench_nab "$@"; fi
  check_disk
  setup run
  local project log
  log=$(mktemp)
  # What is measured is what ships; the table is all that is printed.
  for project in AetherLink.CommandCenter AetherLink.Orchestrator AetherLink.AutoHeal AetherLink.Web compat/Aspire.Hosting.Kafka.Broker bench/AetherLink.LoadGenerator bench/AetherLink.Benchmarks; do
    build "$project" -c Release --nologo -v quiet -clp:NoSummary >"$log" 2>&1 ||
      { cat "$log" >&2; rm -f "$log"; die "the build of $project failed; the reasons are above."; }
  done
  rm -f "$log"
  # A peer to measure beside, where npm has it; without it there is no row of it.
  local option cases=' '
  for option; do [[ $option == --* ]] || cases+="$option "; done
  if [ ! -d "$root/.aether/peer/node_modules" ] && [[ $cases == ' ' || $cases == *' overhead '* ]] && command -v npm >/dev/null; then
    timeout 120 npm install --prefix "$root/.aether/peer" --no-audit --no-fund --loglevel=silent @portkey-ai/gateway@1.15.2 >/dev/null 2>&1 || rm -rf "$root/.aether/peer"
  fi
  # 5,000 subscribers are as many files, at both ends.
  ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  # An answer is read where the socket's event is handled: a hop to the pool would be counted as the server's latency.
  export DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
  exec "bench/AetherLink.LoadGenerator/bin/Release/net10.0/AetherLink.LoadGenerator" "$root" "$@"
}

# The anomaly detector against the Numenta Anomaly Benchmark, or any folder in its layout: docs/anomalies.md.
bench_nab() {
  check_sdk
  local log
  log=$(mktemp)
  build bench/AetherLink.Nab -c Release --nologo -v quiet -clp:NoSummary >"$log" 2>&1 ||
    { cat "$log" >&2; rm -f "$log"; die "the build of bench/AetherLink.Nab failed; the reasons are above."; }
  rm -f "$log"
  # A relative DIR is one of the caller's.
  cd "${OLDPWD:-$root}"
  exec "$root/bench/AetherLink.Nab/bin/Release/net10.0/AetherLink.Nab" "$@"
}
