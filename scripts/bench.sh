# The figures of architecture.md, measured on this machine: docs/bench.md.

bench() {
  setup run
  local project log
  log=$(mktemp)
  # What is measured is what ships; the table is all that is printed.
  for project in AetherLink.CommandCenter AetherLink.Orchestrator bench/AetherLink.LoadGenerator bench/AetherLink.Benchmarks; do
    dotnet build "$project" -c Release --nologo -v quiet -clp:NoSummary >"$log" 2>&1 ||
      { cat "$log" >&2; rm -f "$log"; die "the build of $project failed; the reasons are above."; }
  done
  rm -f "$log"
  # 5,000 subscribers are as many files, at both ends.
  ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  # An answer is read where the socket's event is handled: a hop to the pool would be counted as the server's latency.
  export DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
  exec "bench/AetherLink.LoadGenerator/bin/Release/net10.0/AetherLink.LoadGenerator" "$root" "$@"
}
