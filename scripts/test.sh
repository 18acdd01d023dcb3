# Every test of the repository, in one run, with one closing line.

run_tests() {
  if [ "${1:-}" = --soak ]; then
    # Read by AetherLink.Tests/Soak.cs: the long tests run whole.
    export AETHERLINK_SOAK=1
    shift
  fi
  local filter=${1:-} failed=0 passed=0 skipped=0 ok=true begun
  case "$filter" in -*) die "unknown option '$filter' of test; known: --soak" ;; esac
  check_disk
  setup test
  # What is installed comes over the network, which is no part of the run's time.
  begun=$SECONDS
  results=$(mktemp -d)
  # Whatever a test starts carries this mark, so that what it leaves behind can be found.
  export AETHERLINK_TEST_RUN="run-$$-$RANDOM"
  # The tests' own temporary folder is apart from that of the tools that run them. Postgres runs unprivileged, and must be
  # able to walk into it.
  mkdir -m 1777 "$results/tests"
  mkdir "$results/tools"
  export TMPDIR="$results/tools"
  # Milliseconds; the default of 100 would cut off a test host that still stops its database.
  export VSTEST_TESTHOST_SHUTDOWN_TIMEOUT=15000
  # Whatever runs here lives for seconds: to instrument what is hot costs it more than the better code would gain (docs/bench.md), and
  # to collect often, or beside, more than the memory is worth.
  export DOTNET_TieredPGO=0 DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000
  chmod 755 "$results"
  trap 'rm -rf "$results"' EXIT

  section "Build"
  build AetherLink.sln --nologo -v quiet -clp:NoSummary -warnaserror || { closing 0 1 0; return 1; }

  # What needs the processors beside what mostly waits for processes.
  local style=''
  if [ -z "$filter" ]; then
    (style_checks) >"$results/style" 2>&1 &
    style=$!
  fi
  test_project compat/Compat.Tests || ok=false
  if [ -n "$style" ]; then
    wait "$style" || :
    cat "$results/style"
    count_style "$results/style"
  fi
  test_project AetherLink.Tests || ok=false
  count_results "$results/trx"
  if [ -n "$filter" ] && [ $((passed + failed + skipped)) = 0 ]; then
    ok=false failed=1
    say "FAILED: no test has '$filter' in its full name, such as AetherLink.Tests.Chaos.ClockJumpTests"
  fi
  if ! $ok && [ $failed = 0 ]; then
    failed=1
    say "FAILED: a test host ended before it had told how its tests went"
  fi

  if [ -z "$filter" ]; then
    section "The README's commands"
    if (check_ports) 2>/dev/null; then
      check "up --detach, status, demo, a second up, down" readme_commands "$results/state"
    else
      skipped=$((skipped + 1))
      say "Skipped: $( (check_ports) 2>&1 || : )"
    fi
  fi

  check "no process left behind" nothing_left_running
  check "no folder left behind" nothing_left_on_disk "$results/tests"
  slowest "$results/trx"
  judge_time
  closing $passed $failed $skipped
  $ok && [ $failed = 0 ]
}

# Minutes and seconds since the start beside each name: the run has twenty minutes.
section() { printf '== %s (at %d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }

# The run of everything has twenty minutes on two cores that are its own. A longer one is said, and is no failure, since what else the
# machine does is no fault of the tests; whoever knows his machine sets a limit, and that is held.
judge_time() {
  local limit=${AETHERLINK_TEST_MINUTES:-} taken=$((SECONDS - begun))
  [ -z "$filter" ] && [ -z "${AETHERLINK_SOAK:-}" ] && [ $taken -gt $((${limit:-20} * 60)) ] || return 0
  say "== OVER TIME: the run took $((taken / 60)):$(printf '%02d' $((taken % 60))), and has ${limit:-20} minutes (load $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || :))"
  if [ -n "$limit" ]; then
    failed=$((failed + 1))
    say "FAILED: the time of the run"
  fi
}

# As many lines as there are checks: one that ended without a word has not passed.
count_style() {
  local good bad
  good=$(grep -c '^passed: ' "$1") || :
  bad=$(grep -c '^FAILED: ' "$1") || :
  if [ $((good + bad)) -lt $style_count ]; then
    say "FAILED: of the $style_count checks of the format and the pages only $((good + bad)) said how they went"
    bad=$((style_count - good))
  fi
  passed=$((passed + good))
  failed=$((failed + bad))
}

style_count=3

# A line for each, which the caller counts: this runs beside the tests.
style_checks() {
  section "Format and pages"
  # Style and analysers are the build's, whose warnings are errors: what is left is what stands between the words.
  style_check "dotnet format" dotnet format whitespace . --folder --verify-no-changes --verbosity quiet --exclude AetherLink.Web/ui/node_modules
  style_check "npm run check" npm --prefix AetherLink.Web/ui run --silent check
  style_check "npm run test" npm --prefix AetherLink.Web/ui run --silent test
}

style_check() {
  local name=$1
  shift
  if "$@"; then say "passed: $name"; else say "FAILED: $name"; fi
}

test_project() {
  section "$1"
  dotnet test "$1" --no-build --nologo --logger "console;verbosity=minimal" --logger "trx;LogFileName=${1//\//-}.trx" \
    --results-directory "$results/trx" --environment "TMPDIR=$results/tests" ${filter:+--filter "FullyQualifiedName~$filter"}
}

# slowest FOLDER: where the time went.
slowest() {
  say "== The slowest tests"
  grep -ho '<UnitTestResult [^>]*>' "$1"/*.trx 2>/dev/null \
    | sed -n 's/.* testName="\([^"]*\)".* duration="\([0-9]*\):\([0-9]*\):\([0-9.]*\)".*/\2 \3 \4 \1/p' \
    | awk '{ printf "%7.1f s  ", $1 * 3600 + $2 * 60 + $3; for (i = 4; i <= NF; i++) printf "%s ", $i; print "" }' | sort -rn | head -20 || :
}

# What a new user does first, in a state folder of its own.
readme_commands() {
  export AETHER_STATE=$1
  local ok=true
  ./aether up --detach || return 1
  ./aether status | tee "$AETHER_STATE/status" || ok=false
  grep -q '^command-center  *Running  *Healthy  *0  *8010  *http' "$AETHER_STATE/status" || { say "the status does not tell of the Command Center"; ok=false; }
  curl -fsS localhost:5173/health.json | grep -q '"status":"ok"' || { say "the web does not answer"; ok=false; }
  curl -fsS -H 'X-User-Roles: operator' localhost:8010/ops/health | grep -q '"services"' || { say "the Command Center does not answer"; ok=false; }
  ./aether demo | tee "$AETHER_STATE/demo" || ok=false
  healed_in_time "$AETHER_STATE/demo" || ok=false
  (await 30 "the status to tell of the restart" status_tells_of_restart) || { cat "$AETHER_STATE/status"; ok=false; }
  if ./aether up --detach 2>"$AETHER_STATE/second"; then say "a second up was not refused"; ok=false; fi
  grep -q 'running already' "$AETHER_STATE/second" || { say "a second up does not say why it is refused: $(cat "$AETHER_STATE/second")"; ok=false; }
  ./aether down --wipe || ok=false
  [ ! -e "$AETHER_STATE/store" ] && [ ! -e "$AETHER_STATE/data" ] || { say "down --wipe left data behind"; ok=false; }
  (check_ports) || ok=false
  $ok
}

# From kill -9 to healthy again by the healer: promised for a machine that does nothing else, which by now it does not.
healed_in_time() {
  local taken
  taken=$(sed -n 's/^ *Healthy again after \([0-9]*\) ms\.$/\1/p' "$1")
  [ -n "$taken" ] && [ "$taken" -lt 10000 ] || { say "the demo's orchestrator was healthy again after ${taken:-?} ms, not within 10,000"; return 1; }
}

# What the demo killed has been started again. The AppHost asks each service by turns, so that this may come a moment after the service's own word.
status_tells_of_restart() {
  ./aether status >"$AETHER_STATE/status"
  grep -q '^orchestrator  *Running  *Healthy  *[1-9][0-9]*  *8011' "$AETHER_STATE/status"
}

# check NAME COMMAND...: one test that is a command.
check() {
  local name=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); say "FAILED: $name"; fi
}

count_results() {
  local file counters
  shopt -s nullglob
  for file in "$1"/*.trx; do
    counters=$(grep -o '<Counters [^>]*>' "$file")
    passed=$((passed + $(attribute passed "$counters")))
    failed=$((failed + $(attribute failed "$counters")))
    skipped=$((skipped + $(attribute total "$counters") - $(attribute executed "$counters")))
  done
}

attribute() { sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2"; }

nothing_left_running() {
  local environ pid left=''
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    [ "$pid" != $$ ] && [ "$pid" != "$BASHPID" ] || continue
    grep -qz "AETHERLINK_TEST_RUN=$AETHERLINK_TEST_RUN" "$environ" 2>/dev/null || continue
    # This script's own children, such as the grep above, are gone by the time they are looked at.
    [ -d "/proc/$pid" ] && left+="$pid $(tr '\0' ' ' <"/proc/$pid/cmdline" | cut -c1-160)"$'\n'
  done
  [ -z "$left" ] || { printf 'Left running:\n%s' "$left"; return 1; }
}

nothing_left_on_disk() {
  local left
  # Not the tests': the diagnostic sockets of .NET processes that were killed, the lock folders of the runtime and of MSBuild,
  # and the empty folder (mkdtemp's six characters) that the test host itself makes.
  left=$(find "$1" -mindepth 1 -maxdepth 1 ! -name '.dotnet' ! -name 'dotnet-diagnostic-*' ! -name 'clr-debug-pipe-*' \
    ! -name NuGetScratchroot ! -name 'MSBuildTemp*' ! \( -type d -empty -name '??????' \) -printf '%f\n')
  [ -z "$left" ] || { printf 'Left on disk:\n%s\n' "$left"; return 1; }
}

closing() { say "$1 passed, $2 failed, $3 skipped"; }
